"""The worker's program. Run as a script by the interpreter that the user chose:

PYTHON <...>/spell/worker/__main__.py                 serve, speaking frames on file descriptor 3
PYTHON <...>/spell/worker/__main__.py trial FOLDER    say whether private mount namespaces work here
"""

import os
import sys

# Python puts the script's own folder first; what must stand there is the folder that holds our package `spell`.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

if __name__ == "__main__":
    if sys.argv[1:2] == ["trial"]:
        from spell.worker.trial import main
    else:
        from spell.worker.main import main
    main()
