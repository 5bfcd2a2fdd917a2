#!/bin/sh
# The release tarball builds, installs and starts somewhere else.
# fails-if: building it needs Node, or a source, template, style, header, rule, notice or man page is missing from the tarball or its install
set -u
src=$(cd "${top_srcdir:-.}" && pwd) bin=$(cd "${top_builddir:-.}" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 failed=0
is() { # is WHAT COMMAND...: one test
	n=$((n + 1)); what=$1; shift
	if "$@" >"$work/out" 2>&1; then echo "ok $n - $what"
	else echo "not ok $n - $what"; sed 's/^/# /' "$work/out" | tail -n 15; failed=1; fi
}
echo 1..6
is "make dist" make -s -C "$bin" dist distdir=sg-dist
is "it unpacks" tar -C "$work" -xf "$bin/sg-dist.tar.xz"
rm -f "$bin/sg-dist.tar.xz"
mkdir "$work/b"
is "it configures elsewhere" sh -c "cd '$work/b' && ../sg-dist/configure -q --prefix=/usr --sysconfdir=/etc"
# what the pages are dressed in is in the tarball: a builder needs no Node and no network
mkdir "$work/none"
for tool in node npm npx; do printf '#!/bin/sh\necho "$0 was called" >&2; exit 1\n' >"$work/none/$tool"; chmod +x "$work/none/$tool"; done
is "it builds, without Node" env PATH="$work/none:$PATH" make -s -C "$work/b" -j2 all
is "it installs" make -s -C "$work/b" install DESTDIR="$work/root"
installed() {
	for f in usr/sbin/schoolgate-milter usr/sbin/schoolgate-scan usr/sbin/schoolgate-courier \
	    usr/sbin/schoolgate-console usr/bin/schoolgatectl usr/share/schoolgate/rules/bullying.conf usr/share/schoolgate/rules/words/reported.txt \
	    usr/share/schoolgate/notices/en/held-general.txt usr/share/schoolgate/steps/sealed.txt usr/share/schoolgate/console/templates/en-GB/queue.html \
	    usr/share/schoolgate/console/static/console.css usr/share/schoolgate/console/static/app.js.gz usr/share/man/man5/schoolgate.conf.5 \
	    usr/share/man/man1/schoolgatectl.1; do
		test -e "$work/root/$f" || { echo "$f is missing"; return 1; }
	done
	"$work/root/usr/bin/schoolgatectl" --version
}
is "everything is there and starts" installed
exit $failed
