// messages - what a person does with one message: reads it rung by rung, decides, takes it back.
'use strict';

const { at, tabTo, enter } = require('./keyboard.js');

module.exports = [
	{
		name: 'scripts off: the ladder to a clear picture, no choice, a decision, undo',
		async run(x) {
			const c = await x.browser.newContext({ javaScriptEnabled: false }), p = await c.newPage(), wrong = [];
			const must = (good, what) => { if (!good) wrong.push(what); };
			const has = async t => (await p.content()).includes(t);
			const seen = x.watch(p, at(x, 'deputy', ''));
			await p.goto(at(x, 'deputy', '/message/' + x.job.pictures));
			must(!await has('loser'), 'words before they were asked for');
			for (const step of ['Show the matched words', 'Read the message', 'Show pictures']) {
				await p.click('button:has-text("' + step + '")');
				must(await has('loser'), step + ' shows nothing');
			}
			must(await p.locator('img.sg-blur').count() === 1, 'the picture is not blurred');
			must(await p.locator('img.sg-blur').evaluate(i => i.naturalWidth).catch(() => 0) > 0, 'the picture is not there');
			await p.click('button:has-text("Show it clearly")');
			must(await p.locator('.sg-pic img:not(.sg-blur)').count() === 1, 'it is not clear');
			await p.fill('#reason', 'typed before');
			await p.click('button:has-text("Continue")');
			must(/^Error: /.test(await p.title()) && await p.locator('.govuk-error-summary a').count() === 1, 'no error summary');
			must(await p.inputValue('#reason') === 'typed before', 'what was typed is lost');
			await p.click('.govuk-error-summary a');
			must(p.url().endsWith('#d-release'), 'the summary does not lead to the choices');
			await p.check('#d-release');
			await p.click('button:has-text("Continue")');
			must(await has('it is released'), 'not released');
			await p.click('button:has-text("Undo")');
			must(await has('taken back') && await has('Your decision'), 'not undone');
			must(seen.errors.length === 0 && seen.foreign.length === 0, [...seen.errors, ...seen.foreign].join(' '));
			x.ok(!wrong.length, this.name, wrong);
			await c.close();
		},
	},
	{
		name: 'keyboard alone: the words, the text, an error summary, a decision',
		async run(x) {
			const c = await x.browser.newContext(), p = await c.newPage(), wrong = [];
			const must = (good, what) => { if (!good) wrong.push(what); };
			await p.goto(at(x, 'lead', '/message/' + x.job.plain));
			must(await tabTo(p, 'button[value=words]'), 'the first button is not reached');
			await enter(p);
			must(await tabTo(p, 'button[value=text]'), 'the second button is not reached');
			await enter(p);
			must((await p.content()).includes('loser'), 'nothing to read');
			must(await tabTo(p, '.sg-form button.govuk-button'), 'Continue is not reached');
			await enter(p);
			must(await p.evaluate(() => document.activeElement.classList.contains('govuk-error-summary')), 'the focus is not on the error summary');
			must(await tabTo(p, '.govuk-error-summary a'), 'no link in it');
			await p.keyboard.press('Enter');
			must(await p.evaluate(() => document.activeElement.id) === 'd-release', 'the link does not put the focus on the choices');
			await p.keyboard.press('ArrowDown');
			for (let i = 0; i < 10 && await p.evaluate(() => document.activeElement.value) !== 'withhold'; i++) await p.keyboard.press('ArrowDown');
			must(await tabTo(p, '#reason'), 'the reason is not reached');
			await p.keyboard.type('seen with the pupil');
			must(await tabTo(p, '.sg-form button.govuk-button'), 'Continue is not reached again');
			await enter(p);
			must(/\/queue\?done=withheld/.test(p.url()), 'not decided: ' + p.url());
			x.ok(!wrong.length, this.name, wrong);
			await c.close();
		},
	},
	{
		name: 'scripts off: several at once, each with its tick',
		async run(x) {
			const c = await x.browser.newContext({ javaScriptEnabled: false }), p = await c.newPage(), wrong = [];
			const must = (good, what) => { if (!good) wrong.push(what); };
			await p.goto(at(x, 'lead', '/queue?who=several@pupils.hillview.example'));
			const boxes = p.locator('td.sg-check input');
			await boxes.nth(0).check();
			await boxes.nth(1).check();
			await p.click('.sg-bulk button');
			must(await p.locator('.sg-bulkrow').count() === 2 && await p.locator('.sg-bulkrow mark.sg-masked').count() >= 2, 'not two with their masked excerpts');
			await p.locator('.sg-bulkrow input').nth(1).uncheck();
			await p.click('form.sg-form button.govuk-button');
			must(await p.locator('.govuk-error-summary').count() === 1 && await p.locator('.sg-bulkrow').count() === 1, 'no reason: not asked again');
			await p.fill('#reason', 'a film quote');
			await p.click('form.sg-form button.govuk-button');
			must(/\/queue\?done=bulk/.test(p.url()), 'not done: ' + p.url());
			x.ok(!wrong.length, this.name, wrong);
			await c.close();
		},
	},
];
