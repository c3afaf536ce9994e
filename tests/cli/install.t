#!/bin/sh
# make install and uninstall, --help, --version, man pages, completions.
. tests/cli/tap.sh

like 'the overview lists tools by group' "$("$sluice" --help)" '*main job*run*steps*read*'
like 'the version names the libraries' "$("$sluice" --version)" 'sluice [0-9]*libxml2*zstd*'
for tool in $("$sluice" --tools); do
    like "$tool has help" "$("$sluice" "$tool" --help)" "usage: sluice $tool*--help*"
done
ok 'make install works' make -s install PREFIX=/usr DESTDIR="$tmp/root"
ok 'the binary is there and runs' "$tmp/root/usr/bin/sluice" --version
ok 'man pages are there' test -s "$tmp/root/usr/share/man/man1/sluice-read.1" -a -s "$tmp/root/usr/share/man/man1/sluice.1"
ok 'bash completion is there and parses' bash -n "$tmp/root/usr/share/bash-completion/completions/sluice"
ok 'zsh completion is there' test -s "$tmp/root/usr/share/zsh/site-functions/_sluice"
ok 'make uninstall works' make -s uninstall PREFIX=/usr DESTDIR="$tmp/root"
is 'nothing is left' "$(find "$tmp/root" -type f)" ''

plan
