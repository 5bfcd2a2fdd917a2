// run - the console in a real browser: what t/65-browser.t says, in TAP lines without a plan.
//
//   node run.js JOB.json
//
// The job: socket, uids {who: uid}, modules (node_modules), templates, render (t/lib/tplrender),
// shots (directory), pages [{name, who, path, status?, shot?, fields?}].  A page is one row there.
// Each role has a port of its own here, which leads to the console's Unix socket as that user.
'use strict';
const fs = require('fs'), path = require('path'), cp = require('child_process');
const job = JSON.parse(fs.readFileSync(process.argv[2]));
const { chromium } = require(path.join(job.modules, 'playwright-core'));
const axe = fs.readFileSync(path.join(job.modules, 'axe-core/axe.min.js'), 'utf8');
const { doors } = require('./doors.js');
const flows = require('./flows.js');

const ok = (good, what, ...more) => {
	console.log((good ? 'ok - ' : 'not ok - ') + what);
	if (!good) for (const m of more.flat()) console.log('# ' + String(m).slice(0, 600));
};
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// Console errors, page errors, and requests to anybody else.
const watch = (page, origin) => {
	const seen = { errors: [], foreign: [], requests: 0 };
	page.on('console', m => { if (m.type() === 'error' && !/status of (4|5)\d\d/.test(m.text())) seen.errors.push(m.text()); });
	page.on('pageerror', e => seen.errors.push(String(e)));
	page.on('request', r => { seen.requests++; if (!r.url().startsWith(origin)) seen.foreign.push(r.url()); });
	return seen;
};

// A role comes by its own port here; who has a cookie, or is to have none, comes by the console's own.
const door = (ports, row) => 'http://127.0.0.1:' + (row.who in job.cookies ? job.tcp : ports[row.who]);
const signIn = (context, row) => job.cookies[row.who] && context.addCookies([{ name: '__Host-sg', value: job.cookies[row.who],
	domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);

async function onePage(browser, ports, row) {
	const origin = door(ports, row), wrong = [], url = origin + row.path;
	const want = row.status || 200;
	const plain = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	await signIn(plain, row);
	const page = await plain.newPage(), seen = watch(page, origin);
	const r = await page.goto(url, { waitUntil: 'load' });
	const html = await r.body();
	if (r.status() !== want) wrong.push('status ' + r.status() + ', not ' + want);
	if (seen.errors.length) wrong.push('console: ' + seen.errors.join(' | '));
	if (seen.foreign.length) wrong.push('asks others: ' + seen.foreign.join(' '));
	if (seen.requests > 6) wrong.push(seen.requests + ' requests, 6 are allowed');
	if (html.length > 40000) wrong.push(html.length + ' bytes of HTML, 40 kB are allowed');
	const heads = await page.locator('h1').count();
	if (heads !== 1) wrong.push(heads + ' h1');
	if (row.shot) await page.screenshot({ path: path.join(job.shots, row.shot + '.png'), fullPage: true });
	if (row.view) await page.screenshot({ path: path.join(job.shots, row.view + '.jpg'), type: 'jpeg', quality: 70 });
	await page.setViewportSize({ width: 320, height: 640 });
	const wide = await page.evaluate(() => {
		const w = document.scrollingElement.scrollWidth;
		return w <= 320 ? '' : w + ' px wide: ' + [...document.querySelectorAll('body *')]
			.filter(e => e.getBoundingClientRect().right > 321).slice(0, 5).map(e => e.tagName + '.' + e.className).join(' ');
	});
	if (wide) wrong.push('at 320 px ' + wide);
	if (row.shot) await page.screenshot({ path: path.join(job.shots, row.shot + '-phone.png'), fullPage: true });
	await plain.close();
	const open = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
	await signIn(open, row);
	const p2 = await open.newPage();
	await p2.goto(url, { waitUntil: 'load' });
	await p2.evaluate(axe);
	const found = await p2.evaluate(tags => axe.run(document, { runOnly: tags }), TAGS);
	for (const v of found.violations)
		wrong.push('axe ' + v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + n.html.slice(0, 120)).join(' ; '));
	await open.close();
	ok(!wrong.length, row.name + ' for ' + row.who + ': no errors, axe finds nothing, fits 320 px, within its budget', wrong);
}

// --- the same skeleton --------------------------------------------------------------------

const HOSTILE = ['<script>window.x=1</script>', '"><img src=x onerror=window.x=1>', "' onmouseover='window.x=1", 'javascript:window.x=1',
	'</title><script>window.x=1</script>', '</textarea><svg onload=window.x=1>', '{{csrf}}', '&lt;b&gt;', '\u202Etxt.exe', '`${1}`',
	'--><svg/onload=window.x=1>', "</pre><iframe srcdoc='<script>parent.x=1</script>'>", '//evil.example/', 'a\u0001b\u0007c'];
const changed = (v, s) => typeof v === 'string' ? (v === '' ? '' : s) : Array.isArray(v) ? v.map(x => changed(x, s)) :
	v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, changed(x, s)])) : v;

async function skeletons(browser, ports, rows) {
	const page = await (await browser.newContext()).newPage(), asked = [], models = [];
	for (const row of rows) {
		const r = await fetch(door(ports, row) + row.path, { headers: { Accept: 'application/vnd.schoolgate.page+json',
			...(job.cookies[row.who] ? { Cookie: '__Host-sg=' + job.cookies[row.who] } : {}) } });
		const model = await r.json();
		models.push(row);
		for (const s of ['zz', ...HOSTILE, HOSTILE.join(' ')]) asked.push(JSON.stringify({ template: model.page, model: changed(model, s) }));
	}
	const run = cp.spawnSync(job.render, [job.templates], { input: asked.join('\n') + '\n', maxBuffer: 1 << 29 });
	const made = run.stdout.toString().split('\n').filter(Boolean).map(JSON.parse);
	const each = HOSTILE.length + 2;
	if (made.length !== asked.length) return ok(false, 'every model is rendered', made.length + ' of ' + asked.length, run.stderr.toString());
	for (let i = 0; i < models.length; i++) {
		const wrong = await page.evaluate(list => {
			const bones = h => [...new DOMParser().parseFromString(h, 'text/html').querySelectorAll('*')]
				.map(e => e.tagName + '[' + e.getAttributeNames().join(',') + ']').join(' ');
			const first = bones(list[0]);
			return list.map((h, k) => bones(h) === first ? -1 : k).filter(k => k >= 0);
		}, made.slice(i * each, (i + 1) * each).map(m => m.html));
		await page.setContent(made[(i + 1) * each - 1].html, { waitUntil: 'domcontentloaded' });
		if (await page.evaluate(() => window.x !== undefined)) wrong.push('it ran');
		ok(!wrong.length, models[i].name + ' for ' + models[i].who + ': the same skeleton whatever strings its model holds',
			wrong.map(k => typeof k === 'string' ? k : 'differs with ' + (k <= HOSTILE.length ? HOSTILE[k - 1] : 'all of them')));
	}
	await page.context().close();
}

(async () => {
	const { ports, close } = await doors(job.socket, job.uids);
	const browser = await chromium.launch({ executablePath: job.chromium, args: ['--no-sandbox', '--disable-gpu', '--no-first-run',
		'--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'] });
	const guard = (what, f) => f().catch(e => ok(false, what, e.stack || e));
	const only = process.env.SCHOOLGATE_FLOWS;	// a part of some flows' names: these alone, while one writes them
	if (!only) {
		const rows = job.pages.values(), lane = async () => {
			for (const row of rows) await guard(row.name + ' for ' + row.who, () => onePage(browser, ports, row));
		};
		await Promise.all([lane(), lane(), lane()]);	// a page mostly waits
		await guard('skeletons', () => skeletons(browser, ports, job.pages.filter(r => !r.status)));
	}
	for (const flow of flows.filter(f => !only || f.name.includes(only))) await guard(flow.name, () => flow.run({ browser, ports, job, ok, watch }));
	await browser.close();
	close();
})().catch(e => { ok(false, 'the browser runs', e.stack); process.exit(1); });
