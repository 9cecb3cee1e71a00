"""The other half of `node-before-python-echo.ts`: what a worker in Python can do at all. A line of JSON in, one out."""

import json
import socket
import sys

channel = socket.socket(socket.AF_UNIX)
channel.connect(sys.argv[1])
rest = b""
while True:
    received = channel.recv(65536)
    if not received:
        break
    *lines, rest = (rest + received).split(b"\n")
    answers = [json.dumps(json.loads(line), separators=(",", ":")).encode() + b"\n" for line in lines]
    channel.sendall(b"".join(answers))
