"""Serves Wagtail on a port that was free, tells its sites which, and prints it."""

import os
import socket

from django.core.wsgi import get_wsgi_application
from waitress.server import create_server


def main() -> None:
    """Until it is ended."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    application = get_wsgi_application()
    from wagtail.models import Site

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    port = listening.getsockname()[1]
    Site.objects.update(port=port)
    server = create_server(application, sockets=[listening], threads=4)
    print(port, flush=True)
    server.run()


main()
