/** Keeps so many MiB of each request for ever, computes for as many seconds of CPU as asked, and tells how it runs. */
export const leakingPredictor = `
import os, time
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        self.kept = []

    def predict(self, payload):
        self.kept.append(bytearray(os.urandom(payload.get("leak", 0) << 20)))
        end = time.process_time() + payload.get("compute", 0)
        while time.process_time() < end:
            pass
        return {
            "pid": os.getpid(),
            "groups": open("/proc/self/cgroup").read() if os.path.exists("/proc/self/cgroup") else "",
            "threads": os.environ.get("OMP_NUM_THREADS"),
            "nice": os.nice(0),
        }
`;
