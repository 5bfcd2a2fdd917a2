// keys - the coordinator's work by keyboard alone, one flow a piece of work.
'use strict';
const { at, has, focused, byKeyboard } = require('./keyboard.js');
const { code } = require('./code.js');

const flow = (name, run) => ({ name: 'keyboard alone: ' + name, run: x => byKeyboard(x, 'keyboard alone: ' + name, k => run(x, k)) });
const message = (x, who, ref) => at(x, who, '/message/' + ref);

module.exports = [
	flow('sign in, hide, come back, sign out', async (x, { p, must, to, press }) => {
		const a = x.job.keyboard;
		await p.goto(x.job.web + '/search');
		await to('#name');
		await p.keyboard.type(a.name);
		await to('#password');
		await p.keyboard.type('not this one at all');
		await press('main form .govuk-button:not([type=button])');
		must(await has(p, '.govuk-error-summary'), 'after a wrong password the focus is on ' + await focused(p));
		await to('#password');
		await p.keyboard.type(a.password);
		await press('main form .govuk-button:not([type=button])');
		await to('#code');
		await p.keyboard.type(code(a.secret));
		await press('main form .govuk-button:not([type=button])');
		must(p.url() === x.job.web + '/search', 'not where one wanted to go: ' + p.url());
		await press('a[href="/hide"]');
		must(p.url() === x.job.web + '/hide', 'not hidden: ' + p.url());
		await p.goto(x.job.web + '/queue');
		await press('form[action="/sign-out"] button');
		await p.goto(x.job.web + '/queue');
		must(p.url() === x.job.web + '/sign-in?to=/queue', 'still signed in: ' + p.url());
	}),
	flow('the ladder to a clear picture, a decision, undo', async (x, { p, must, press, to, text }) => {
		await p.goto(message(x, 'lead', x.job.picture));
		for (const [step, shows] of [['words', 'loser'], ['text', 'loser'], ['pictures', 'grey and blurred']]) {
			await press('button[value=' + step + ']');
			must((await text()).includes(shows), step + ' shows nothing');
			must(await p.evaluate(() => location.hash !== '' && document.querySelector(location.hash).getBoundingClientRect().top < innerHeight),
				'after ' + step + ' the page is not where it was');
		}
		await press('button[name=part]');
		must(await p.locator('.sg-pic img:not(.sg-blur)').count() === 1, 'no clear picture');
		await to('#d-release');
		await p.keyboard.press('Space');
		await to('#reason');
		await p.keyboard.type('a birthday picture');
		await press('.sg-form button.govuk-button');
		must(await has(p, '.govuk-notification-banner'), 'after a decision the focus is on ' + await focused(p));
		await press('form[action$="/undo"] button');
		must((await text()).includes('taken back'), 'not undone');
		must(await has(p, '.govuk-notification-banner'), 'after undo the focus is on ' + await focused(p));
	}),
	flow('several at once', async (x, { p, must, to, press }) => {
		await p.goto(at(x, 'lead', '/queue?who=again@pupils.hillview.example'));
		for (const key of ['j', 'j']) {
			await p.keyboard.press(key);
			await p.keyboard.press('x');
		}
		must(await p.locator('td.sg-check input:checked').count() === 2, 'x does not tick');
		await press('.sg-bulk button');
		must(await p.locator('.sg-bulkrow').count() === 2, 'not two');
		await press('form.sg-form button.govuk-button');
		must(await has(p, '.govuk-error-summary'), 'without a reason the focus is on ' + await focused(p));
		await to('#reason');
		await p.keyboard.type('a film quote');
		await press('form.sg-form button.govuk-button');
		must(/\/queue\?done=bulk/.test(p.url()), 'not done: ' + p.url());
		must(await has(p, '.govuk-notification-banner'), 'then the focus is on ' + await focused(p));
	}),
	flow('pass a message on', async (x, { p, must, to, press }) => {
		await p.goto(message(x, 'lead', x.job.passed));
		await to('#d-release');
		for (let i = 0; i < 10 && !await has(p, '[value=reassign]'); i++) await p.keyboard.press('ArrowDown');
		await press('.sg-form button.govuk-button');
		await press('form.sg-form button.govuk-button');
		must(await has(p, '.govuk-error-summary'), 'without a name the focus is on ' + await focused(p));
		await to('input[name=to]');
		await p.keyboard.press('Space');
		await to('#reason');
		await p.keyboard.type('you know the family');
		await press('form.sg-form button.govuk-button');
		must(/done=/.test(p.url()), 'not passed: ' + p.url());
		must(await has(p, '.govuk-notification-banner'), 'then the focus is on ' + await focused(p));
	}),
	flow('take a message over', async (x, { p, must, to, press, text }) => {
		await p.goto(message(x, 'head', x.job.over));
		await to('input[name=over]');
		await p.keyboard.press('Space');
		await press('form[action$="/take"] button');
		must((await text()).includes('You have it'), 'not taken over');
	}),
	flow('seal a message; two lift the seal', async (x, { p, must, to, press, text }) => {
		await p.goto(message(x, 'lead', x.job.sealing));
		await press('form[action$="/seal"] button');
		must(/sealed/i.test(await text()), 'not sealed');
		for (const who of ['lead', 'head']) {
			await p.goto(message(x, who, x.job.sealing));
			await to('summary');
			await p.keyboard.press('Enter');
			await press('a[href$="/unseal"]');
			await to('#reason');
			await p.keyboard.type('it is a drawing from the art lesson');
			await press('form.sg-form button.govuk-button');
			must(/done=/.test(p.url()), who + ' is not heard: ' + p.url());
		}
		must(/the seal is lifted/i.test(await text()), 'the seal is not lifted');
	}),
	flow('search for a pupil, with a purpose', async (x, { p, must, to, press, text }) => {
		await p.goto(at(x, 'lead', '/search'));
		await to('input[name=from]');
		await p.keyboard.type('aa.8@pupils.hillview.example');
		await press('main form button.govuk-button');
		must(await has(p, '.govuk-error-summary'), 'without a purpose the focus is on ' + await focused(p));
		await to('[name=purpose]');
		await p.keyboard.press(await p.evaluate(() => document.activeElement.tagName) === 'SELECT' ? 'ArrowDown' : 'Space');
		await press('main form button.govuk-button');
		must(await p.locator('main table tbody tr, main .sg-result').count() > 0, 'nothing found: ' + (await text()).slice(0, 200));
	}),
];
