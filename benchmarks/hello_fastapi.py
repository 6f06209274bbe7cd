"""The least FastAPI server, to compare start-up and memory with: `python -m benchmarks.hello_fastapi PORT`."""

import sys

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/healthz")
async def hello() -> dict[str, bool]:
    """Answer that the server lives."""
    return {"alive": True}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), http="httptools", log_level="warning")
