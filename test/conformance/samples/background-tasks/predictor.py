from spell.serving import BasePredictor
from starlette.background import BackgroundTasks

done = []


async def some_task(foo, bar=1):
    done.append([foo, bar])


class Predictor(BasePredictor):
    def __init__(self):
        pass

    def predict(self, payload, tasks: BackgroundTasks):
        tasks.add_task(some_task, "my_foo", bar=3)
        return done

    def health(self, background: BackgroundTasks):
        background.add_task(some_task, "other_foo")
        return done
