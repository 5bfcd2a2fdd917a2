// signin - over TCP, as people come in: the first use of an account, sign in, hide, sign out.
'use strict';
const fs = require('fs'), path = require('path');
const { code } = require('./code.js');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PASSWORD = 'tractor violin seven lamps';

// What every page here must hold.  With scripts off axe cannot run, and only the way is tried.
async function look(x, p, name, wrong) {
	if (!x.axe) return;
	await p.setViewportSize({ width: 320, height: 640 });
	const width = await p.evaluate(() => document.scrollingElement.scrollWidth);
	if (width > 320) wrong.push(name + ': ' + width + ' px wide at 320');
	await p.setViewportSize({ width: 1280, height: 900 });
	await p.screenshot({ path: path.join(x.job.shots, name.replace(/\W+/g, '-') + '.png'), fullPage: true });
	await p.evaluate(x.axe);
	const found = await p.evaluate(tags => axe.run(document, { runOnly: tags }), TAGS);
	for (const v of found.violations) wrong.push(name + ': axe ' + v.id + ' ' + v.nodes.slice(0, 2).map(n => n.html.slice(0, 120)).join(' ; '));
}

async function firstUse(x, p, link, wrong) {
	await p.goto(link);
	await look(x, p, 'first use', wrong);
	await p.click('main button');
	await p.fill('#password', 'password1234');
	await p.click('main button.govuk-button:not([type=button])');
	await look(x, p, 'first use, an easy password', wrong);
	await p.fill('#password', PASSWORD);
	await p.click('main button.govuk-button:not([type=button])');
	await look(x, p, 'first use, the code', wrong);
	if (x.axe && !await p.evaluate(() => document.querySelector('main img').naturalWidth)) wrong.push('the picture is not drawn');
	await p.click('details summary');
	const secret = (await p.locator('details .sg-mono').innerText()).replace(/ /g, '');
	await p.fill('#code', code(secret, Date.now() / 1000 - 30));
	await p.click('main button.govuk-button');
	await look(x, p, 'recovery codes', wrong);
	const codes = await p.locator('main li').allInnerTexts();
	if (codes.length !== 10) wrong.push(codes.length + ' recovery codes');
	await p.click('main button.govuk-button');
	return { secret, codes };
}

async function signIn(x, p, name, codes, wrong) {
	await p.goto(x.job.web + '/queue');
	await look(x, p, 'sign in', wrong);
	await p.fill('#name', name);
	await p.fill('#password', 'wrong wrong wrong');
	await p.click('main button.govuk-button:not([type=button])');
	await look(x, p, 'sign in, not right', wrong);
	await p.fill('#password', PASSWORD);
	await p.click('main button.govuk-button:not([type=button])');
	await look(x, p, 'sign in, the code', wrong);
	await p.click('text=use a recovery code');
	await look(x, p, 'sign in, a recovery code', wrong);
	await p.fill('#code', codes[0].toLowerCase());
	await p.click('main button.govuk-button');
}

// The whole way, for one new account.
async function way(x, name, context, wrong) {
	const p = await context.newPage(), path = () => new URL(p.url()).pathname;
	p.setDefaultTimeout(10000);
	const { codes } = await firstUse(x, p, x.job.links[name], wrong);
	if (path() !== '/queue') wrong.push('after the codes: ' + p.url());
	await p.click('text=Sign out');
	if (!/signed out/.test(await p.innerText('main'))) wrong.push('no word of signing out');
	await signIn(x, p, name, codes, wrong);
	if (path() !== '/queue') wrong.push('after signing in: ' + p.url());
	for (const [what, where] of [['own account', '/me'], ['change the password', '/me/password'], ['new codes', '/me/codes/new'],
		['users', '/users'], ['user', '/user/' + name]]) {
		await p.goto(x.job.web + where);
		await look(x, p, what, wrong);
	}
	await p.click('text=Hide this page');
	if (/yan|zoe|Hillview|queue/i.test(await p.innerText('body'))) wrong.push('the blank page is not blank');
	await look(x, p, 'hidden', wrong);
	await p.click('text=Go on');
	if (path() !== '/queue') wrong.push('after hiding: ' + p.url());
	await context.close();
}

module.exports = [
	{
		name: 'over TCP: first use, sign out, sign in, own pages, hide; axe finds nothing, all fits 320 px',
		async run(x) {
			const wrong = [], axe = fs.readFileSync(path.join(x.job.modules, 'axe-core/axe.min.js'), 'utf8');
			await way({ ...x, axe }, 'zoe', await x.browser.newContext({ bypassCSP: true }), wrong);
			x.ok(!wrong.length, this.name, wrong);
		},
	},
	{
		name: 'over TCP, scripts off: the same way',
		async run(x) {
			const wrong = [];
			await way(x, 'yan', await x.browser.newContext({ javaScriptEnabled: false }), wrong);
			x.ok(!wrong.length, this.name, wrong);
		},
	},
];
