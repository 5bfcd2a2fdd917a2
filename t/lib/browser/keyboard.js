// keyboard - a person without a mouse: what the flows of keys.js and others press.
'use strict';

const at = (x, who, p) => 'http://127.0.0.1:' + x.ports[who] + p;
const focused = p => p.evaluate(() => document.activeElement === document.body ? 'nothing' :
	document.activeElement.outerHTML.slice(0, 100));
const has = (p, selector) => p.evaluate(s => document.activeElement !== null && document.activeElement.matches(s), selector);

// Tab until the element with this selector has the focus; FALSE after so many.
async function tabTo(p, selector, most = 120) {
	for (let i = 0; i < most; i++) {
		await p.keyboard.press('Tab');
		if (await has(p, selector)) return true;
	}
	return false;
}

// Enter on what has the focus, and the page that comes.
const enter = p => Promise.all([p.waitForNavigation({ timeout: 10000 }), p.keyboard.press('Enter')]);

// Does a person see where the focus is?  It is on the screen, and it, or the label that is drawn for it, has a
// ring, a shadow or another ground than without the focus.
const isSeen = p => p.evaluate(() => {
	const e = document.activeElement, drawn = [[e, null], ...[...(e.labels || [])].map(l => [l, '::before'])];
	const r = (e.labels?.[0] || e).getBoundingClientRect();
	const look = () => drawn.map(([d, part]) => { const s = getComputedStyle(d, part);
		return [s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0, s.boxShadow, s.backgroundColor, s.borderColor].join(' '); });
	const on = look();
	e.blur();
	const off = look();
	e.focus({ preventScroll: true });
	return r.width > 0 && r.bottom > 0 && r.top < innerHeight && on.join() !== off.join();
});

// A flow by keyboard alone: press(selector) goes there and presses Enter, to(selector) only goes there.
// What is not reached, or reached unseen, is written down.
async function byKeyboard(x, name, run) {
	const c = await x.browser.newContext(), p = await c.newPage(), wrong = [];
	const must = (good, what) => { if (!good) wrong.push(what); };
	const to = async selector => {
		const found = await tabTo(p, selector);
		must(found, 'not reached: ' + selector + ' from ' + p.url());
		if (found) must(await isSeen(p), 'the focus is not seen on ' + await focused(p));
		return found;
	};
	const press = async selector => { if (await to(selector)) await enter(p); };
	const seen = x.watch(p, 'http://127.0.0.1:');	// a flow may have two people, each with a door
	try {
		await run({ p, must, to, press, text: async () => (await p.innerText('main')).replace(/\s+/g, ' ') });
	} catch (e) {
		wrong.push(e.stack);
	}
	must(seen.errors.length === 0 && seen.foreign.length === 0, [...seen.errors, ...seen.foreign].join(' '));
	x.ok(!wrong.length, name, wrong);
	await c.close();
}

module.exports = { at, tabTo, enter, has, focused, byKeyboard };
