# SPDX-License-Identifier: MIT
"""A server whose bodies are packed, well or badly: /CODING/HOW. HOW is whole,
cut (its last bytes do not come), broken, more (bytes behind its end) or bomb (10 MB of zeros). Prints its port."""
import gzip
import http.server
import sys
import zlib

TEXT = b"packed and unpacked again, " * 40


def brotli(data):
    """RFC 7932, section 9.2: meta-blocks that are not compressed."""
    out = b""
    head = 0  # WBITS: a window of 16 bits, in the first meta-block alone
    bits = 1
    for at in range(0, len(data), 65536):
        part = data[at:at + 65536]
        head |= (len(part) - 1) << (bits + 3) | 1 << (bits + 19)
        out += head.to_bytes(3, "little") + part
        head, bits = 0, 0
    return out + b"\3"


PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        coding, how = self.path.split("/")[1:3]
        body = PACK[coding](bytes(10000000) if how == "bomb" else TEXT)
        size = len(body)
        if how == "cut":
            body = body[:-12]
            self.close_connection = True
        elif how == "broken":
            body = bytes(b ^ 0x5a for b in body[:30]) + body[30:]
        elif how == "more":
            body += b"rubbish"
            size += 7
        asked = self.headers.get("Accept-Encoding", "")
        if coding not in [word.strip() for word in asked.split(",")]:
            self.send_response(406)
            body, size = b"", 0
        else:
            self.send_response(200)
            self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # connections are cut off on purpose


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
