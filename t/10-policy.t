#!/bin/sh
# The default policy and the example people.csv load without a complaint.
# fails-if: what a school starts from has an error, or asks for a category no rule pack has
top=$(cd "${top_srcdir:-.}" && pwd) bin=${top_builddir:-.}
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
echo 1..3
cat >"$work/schoolgate.conf" <<END
school: { name = "Hillview Academy"; domains = [ "hillview.example", "pupils.hillview.example" ]; };
courier: { from = "schoolgate@hillview.example"; };
policy = "$top/rules/policy/policy.conf"; people = "$top/rules/policy/people.csv.example";
rules = [ "$top/rules" ]; scan: { cache = "$work"; };
END
failed=0
if "$bin/schoolgatectl" --config="$work/schoolgate.conf" config check >"$work/out" 2>&1; then
	echo "ok 1 - config check is content"
else
	echo "not ok 1 - config check is content"; sed 's/^/# /' "$work/out"; failed=1
fi
# categories of packs, and of the policy
sed -n 's/^category = "\(.*\)";.*/\1/p' "$top"/rules/*.conf | sort -u >"$work/packs"
sed 's/#.*//' "$top/rules/policy/policy.conf" | tr '\n' ' ' | grep -o 'category = \[[^]]*\]' |
	grep -o '"[^"]*"' | tr -d '"' | sort -u >"$work/asked"
if missing=$(comm -23 "$work/packs" "$work/asked" | grep -v -x -e chain-letter -e commerce -e private-business) && test -n "$missing"; then
	echo "not ok 2 - every category has a row, but for the three that are only in the digest"; echo "# $missing"; failed=1
else
	echo "ok 2 - every category has a row, but for the three that are only in the digest"
fi
printf 'policy = ( );\n' >"$work/policy.conf"
sed -i "s#^policy = .*#policy = \"$work/policy.conf\";#" "$work/schoolgate.conf"
"$bin/schoolgatectl" --config="$work/schoolgate.conf" config check >"$work/out" 2>&1
if test $? -eq 2 && grep -q 'policy.conf:1: policy is empty; ' "$work/out"; then
	echo "ok 3 - an empty policy is refused"
else
	echo "not ok 3 - an empty policy is refused"; sed 's/^/# /' "$work/out"; failed=1
fi
exit $failed
