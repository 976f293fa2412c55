"""`python -m tests.publish.zendesk`: the emulator alone, until it is interrupted.

It prints one line of JSON: the address of each brand, client id and secret, and a bearer token.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading

from tests.publish.zendesk import Account, Clock, Emulator, Faults, VirtualClock


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brand", action="append", metavar="NAME:LOCALE,...", help="may be given several times")
    parser.add_argument("--port", action="append", type=int, default=[], help="one a brand; 0: any free one")
    parser.add_argument("--rate", type=int, default=0, help="requests a minute; 0: no limit")
    parser.add_argument("--virtual-clock", action="store_true")
    parser.add_argument("--fault", action="append", default=[], metavar="KIND=SHARE")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    account = Account(VirtualClock() if given.virtual_clock else Clock())
    for one in given.brand or ["acme:en-us,de,fr,ar"]:
        name, _, locales = one.partition(":")
        account.brand(name, *locales.split(","))
    shares = {kind: float(share) for kind, _, share in (one.partition("=") for one in given.fault)}
    with Emulator(account, rate=given.rate, faults=Faults(shares, given.seed), ports=tuple(given.port)) as emulator:
        urls = {brand.name: brand.url for brand in account.brands.values()}
        client = {"client_id": account.client[0], "client_secret": account.client[1]}
        sys.stdout.write(json.dumps({"urls": urls, **client, "token": min(emulator.plain_tokens)}) + "\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


main()
