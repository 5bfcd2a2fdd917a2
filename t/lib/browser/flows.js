// flows - what a person does from page to page: with scripts off, and by keyboard alone.
'use strict';
const { at, tabTo } = require('./keyboard.js');
const { code } = require('./code.js');

module.exports = [
	{
		name: 'scripts off, over TCP: a wrong password, the right one, the code, back to where one wanted to go, hide, sign out',
		async run(x) {
			const c = await x.browser.newContext({ javaScriptEnabled: false }), p = await c.newPage();
			const url = 'http://127.0.0.1:' + x.job.tcp, a = x.job.account, seen = [];
			const send = () => p.click('main form .govuk-button:not([type=button])');
			await p.goto(url + '/search');
			await p.fill('#name', a.name);
			await p.fill('#password', 'not this one at all');
			await send();
			seen.push((await p.title()).startsWith('Error: '), await p.inputValue('#name') === a.name, await p.inputValue('#password') === '');
			await p.fill('#password', a.password);
			await send();
			seen.push(p.url().startsWith(url + '/sign-in/code'));
			await p.fill('#code', code(a.secret));
			await send();
			seen.push(p.url() === url + '/search', (await p.innerText('.sg-bar__user')).includes('Anna'));
			await p.goto(url + '/queue');
			await p.selectOption('#f-urgency', 'urgent');
			await p.click('.sg-filter button');
			seen.push(await p.locator('tbody tr').count() > 0);
			await p.click('text=Hide this page');
			seen.push(p.url() === url + '/hide', !(await p.content()).includes('/message/'));
			await p.goto(url + '/queue');
			seen.push(await p.locator('.sg-queue').count() === 1);
			await p.click('text=Sign out');
			await p.goto(url + '/queue');
			seen.push(p.url() === url + '/sign-in?to=/queue');
			x.ok(seen.every(Boolean), this.name, seen.join(' ') + ' ' + p.url());
			await c.close();
		},
	},
	{
		name: 'over TCP: a stranger is led to the sign-in page, and the browser keeps the visitor\'s cookie',
		async run(x) {
			const seen = [];
			for (const host of ['127.0.0.1', 'localhost']) {
				const c = await x.browser.newContext(), p = await c.newPage(), url = 'http://' + host + ':' + x.job.tcp;
				const watched = x.watch(p, url);
				await p.goto(url + '/queue');
				const led = p.url() === url + '/sign-in?to=/queue';
				await p.goto(url + '/help');
				const jar = (await c.cookies()).filter(k => k.name === '__Host-sg-visitor' && k.secure && k.httpOnly && k.sameSite === 'Lax');
				if (!led || jar.length !== 1 || watched.errors.length || watched.foreign.length)
					seen.push(host + ' ' + p.url() + ' ' + jar.length + ' ' + watched.errors.join());
				await c.close();
			}
			x.ok(!seen.length, this.name, seen);
		},
	},
	{
		name: 'Esc Esc hides the page at once',
		async run(x) {
			const c = await x.browser.newContext(), p = await c.newPage();
			await p.goto(at(x, 'lead', '/queue'));
			await p.keyboard.press('Escape');
			const still = await p.locator('h1').count();
			await Promise.all([p.waitForURL(/\/hide/, { timeout: 5000 }).catch(() => {}), p.keyboard.press('Escape')]);
			x.ok(still === 1 && p.url().endsWith('/hide') && !(await p.content()).includes('sg-queue'), this.name, [still, p.url()].join(' '));
			await c.close();
		},
	},
	{
		name: 'scripts off: filter the queue, empty it, come back',
		async run(x) {
			const c = await x.browser.newContext({ javaScriptEnabled: false }), p = await c.newPage();
			await p.goto(at(x, 'lead', '/queue'));
			await p.selectOption('#f-urgency', 'urgent');
			await p.click('.sg-filter button');
			const only = await p.locator('tbody tr').count(), urgent = await p.locator('tr.is-urgent').count();
			await p.fill('#f-who', 'nobody-has-this-name');
			await p.click('.sg-filter button');
			const empty = await p.locator('.govuk-inset-text').innerText();
			await p.click('text=Show all that are waiting');
			const all = await p.locator('tbody tr').count();
			x.ok(only > 0 && only === urgent && /No message fits/.test(empty) && all >= only, this.name, [only, urgent, empty, all].join(' '));
			await c.close();
		},
	},
	{
		name: 'keyboard alone: skip link, menu, a filter, the first message',
		async run(x) {
			const c = await x.browser.newContext(), p = await c.newPage();
			await p.goto(at(x, 'lead', '/queue'));
			await p.keyboard.press('Tab');
			const skip = await p.evaluate(() => document.activeElement.className);
			await p.keyboard.press('Enter');
			const main = await p.evaluate(() => document.activeElement.id);
			const found = await tabTo(p, '.sg-queue__why');
			const shown = await p.evaluate(() => { const r = document.activeElement.getBoundingClientRect(); return r.width > 0 && r.top >= 0 && r.bottom <= innerHeight; });
			await Promise.all([p.waitForURL(/\/message\//, { timeout: 5000 }).catch(() => {}), p.keyboard.press('Enter')]);
			x.ok(/skip-link/.test(skip) && main === 'main' && found && shown && /\/message\//.test(p.url()), this.name, [skip, main, found, shown, p.url()].join(' '));
			await c.close();
		},
	},
	{
		name: 'keys of the queue: j, k and Enter go and open; off while typing',
		async run(x) {
			const c = await x.browser.newContext(), p = await c.newPage();
			await p.goto(at(x, 'lead', '/queue'));
			const row = () => p.evaluate(() => [...document.querySelectorAll('.sg-queue tbody tr')].indexOf(document.activeElement.closest('tr')));
			await p.keyboard.press('j'); const first = await row();
			await p.keyboard.press('j'); const second = await row();
			await p.keyboard.press('k'); const back = await row();
			await p.focus('#f-who'); await p.keyboard.type('jk'); const typed = await p.inputValue('#f-who');
			x.ok(first === 0 && second === 1 && back === 0 && typed === 'jk', this.name, [first, second, back, typed].join(' '));
			await c.close();
		},
	},
	{
		name: 'a list of more than a page: on and back, each message once',
		async run(x) {
			const c = await x.browser.newContext({ javaScriptEnabled: false }), p = await c.newPage();
			const ids = () => p.locator('.sg-queue__why').evaluateAll(l => l.map(a => a.getAttribute('href')));
			await p.goto(at(x, 'lead', '/queue'));
			const one = await ids();
			await p.click('a[rel=next]');
			const two = await ids();
			await p.click('a[rel=prev]');
			const again = await ids();
			x.ok(one.length === 25 && new Set([...one, ...two]).size === one.length + two.length && again.join() === one.join(), this.name,
				[one.length, two.length, again.length].join(' '));
			await c.close();
		},
	},
].concat(require('./messages.js'), require('./keys.js'), require('./signin.js'));
