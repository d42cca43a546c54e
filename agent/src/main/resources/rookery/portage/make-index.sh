#!/bin/sh
# Writes index.txt: mode and path of every resource beside this script, sorted. A jar can neither be listed nor does it
# keep modes, so the agent unpacks by this list.
set -eu
cd "$(dirname "$0")"
find . -type f ! -name index.txt ! -name index.txt.part ! -name '*.pyc' -printf '%m %P\n' | sed 's/^6[0-9]*/644/; s/^7[0-9]*/755/' | LC_ALL=C sort -k 2 >index.txt.part
mv index.txt.part index.txt
