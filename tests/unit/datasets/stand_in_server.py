"""A server on this machine that stands in for those of the benchmarks."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """Serves `files`; `manner` says how badly, for the file named in `victim`."""

    def __init__(self):
        self.files, self.manner, self.victim, self.requests = {}, "whole", "", []
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.answer(self)

            def log_message(self, *args):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_port}/data/"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answer(self, request):
        name = request.path.rpartition("/")[2]
        self.requests.append(name)
        manner = self.manner if name == self.victim else "whole"
        if manner == "gone" or name not in self.files:
            request.send_error(404)
            return
        if manner == "silent":
            self.over.wait(20)
            return
        data = self.files[name]
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        if manner == "whole":
            request.wfile.write(data)
        elif manner == "cut off":
            request.wfile.write(data[: len(data) // 2])
        elif manner == "altered":
            request.wfile.write(data[:-1] + bytes([data[-1] ^ 1]))
        elif manner == "stalled":
            request.wfile.write(data[: len(data) // 2])
            request.wfile.flush()
            self.over.wait(20)

    def close(self):
        self.over.set()
        self._http.shutdown()
        self._http.server_close()
