// The whole life of an article, in a browser: a watched feed brings it, five editions are made, an editor puts a number
// right and approves, readers read it, the original is corrected, the edition follows, readers are told.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { picture, SENTENCES, SLUG, startBrowser, startNewsroom, startPublication, TITLE, until } from './newsroom.mjs';

let newsroom, publication, browser, desk, reader;

before(async () => {
  [newsroom, publication, browser] = await Promise.all([startNewsroom(), startPublication(), startBrowser()]);
  const errors = [];
  const open = async (options) => {
    const page = await (await browser.newContext(options)).newPage();
    page.on('pageerror', (error) => errors.push(error));
    page.on('console', (message) => message.type() === 'error' && !message.text().includes('409') && errors.push(message.text()));
    return page;
  };
  desk = await open({ viewport: { width: 1280, height: 860 } });
  // Readers need no scripts.
  reader = await open({ viewport: { width: 1280, height: 860 }, javaScriptEnabled: false });
  after(() => assert.deepEqual(errors, [], 'nothing went wrong in the pages'));
});

after(async () => {
  await browser?.close();
  await newsroom?.stop();
  await publication?.stop();
});

const sentence = (page, source) => page.locator('[data-segment]', { hasText: source });
const address = (lang) => `${newsroom.url}${lang}/${SLUG}`;

async function edition(lang) {
  return until(`the ${lang} edition in the queue`, async () => {
    await desk.goto(`${newsroom.url}desk?state=all`);
    const row = desk.locator('.queue li', { has: desk.locator('.lang', { hasText: new RegExp(`^${lang}`) }) });
    return (await row.count()) && (await row.locator('a').getAttribute('href'));
  });
}

async function approve() {
  await desk.locator('[data-action=approve-menu]').click();
  await desk.locator('[data-action=approve-publish]').click();
  await desk.locator('#bar[data-state=published]').waitFor();
}

test('the first administrator signs in by the link the server printed', async () => {
  await desk.goto(newsroom.setup);
  await desk.getByLabel('Login').fill('sari');
  await desk.getByLabel('Your name').fill('Sari Wulandari');
  await desk.getByLabel('Password').fill('sungai barito pasang');
  await desk.getByRole('button', { name: 'Create and sign in' }).click();
  await desk.waitForURL(/\/desk(\/settings)?$/);
  // The link works once.
  const again = await reader.goto(newsroom.setup);
  assert.ok(again.status() >= 400, `${again.status()}`);
});

test('a watched feed brings the article, and five editions are made', async () => {
  await desk.goto(`${newsroom.url}desk/settings/sources`);
  await desk.getByLabel('Address or folder').fill(publication.feed);
  await desk.getByRole('button', { name: 'Watch' }).click();
  await until('five editions', async () => {
    await desk.goto(`${newsroom.url}desk?state=review`);
    return (await desk.locator('.queue li').count()) === 5;
  });
  await picture(desk, 'desk-queue');
  assert.equal((await desk.locator('.queue .title').first().textContent()).trim(), TITLE);
});

test('an editor finds the wrong number by keyboard and puts it right', async () => {
  await desk.goto(new URL(await edition('en'), newsroom.url).href);
  const wrong = sentence(desk, '312 pedagang');
  assert.equal(await wrong.getAttribute('data-worst'), 'error');
  await desk.keyboard.press('n');
  await picture(desk, 'desk-edition');
  await desk.keyboard.press('Enter');
  const text = wrong.locator('textarea:visible').first();
  await text.fill((await text.inputValue()).replace('321', '312'));
  await desk.keyboard.press('Control+Enter');
  await desk.locator('[data-segment][data-state=edited]').waitFor();
  assert.match(await wrong.locator('.target .text').textContent(), /312 traders/);
  await until('the finding to go', async () => (await wrong.getAttribute('data-worst')) === null);
});

test('two editors do not overwrite each other', async () => {
  const other = await (await browser.newContext({ storageState: await desk.context().storageState() })).newPage();
  await other.goto(desk.url());
  // The other page is cut off from what happens, as on a bad line, and saves later.
  await other.route('**/desk/events', (route) => route.abort());
  await other.reload();
  const theirs = sentence(other, 'membuang sampah');
  const segment = await theirs.getAttribute('data-segment');
  const version = await theirs.getAttribute('data-version');
  const ours = sentence(desk, 'membuang sampah');
  await ours.locator('.target .text').click();
  await desk.keyboard.press('Enter');
  await ours.locator('textarea:visible').first().fill('Visitors are asked to keep the river clean.');
  await desk.keyboard.press('Control+Enter');
  await until('our text to be saved', async () => (await ours.getAttribute('data-version')) !== version);
  await theirs.locator('.target .text').click();
  await other.keyboard.press('Enter');
  await theirs.locator('textarea:visible').first().fill('Do not litter.');
  await other.keyboard.press('Control+Enter');
  await other.locator('dialog#conflict[open]').waitFor();
  await picture(other, 'desk-conflict');
  assert.match(await other.locator('#conflict [data-theirs]').textContent(), /keep the river clean/);
  await other.locator('#conflict [data-keep=theirs]').click();
  await other.context().close();
  assert.match(await ours.locator('.target .text').textContent(), /keep the river clean/);
  assert.ok(segment);
});

test('approved, it is on the site as reviewed, and all that points to it is right', async () => {
  assert.equal((await reader.goto(address('en'))).status(), 404);
  await approve();
  for (const lang of ['fr', 'ar', 'ja']) {
    await desk.goto(new URL(await edition(lang), newsroom.url).href);
    await picture(desk, `desk-edition-${lang}`);
    await approve();
  }
  await reader.goto(address('en'));
  await picture(reader, 'site-article');
  assert.match(await reader.locator('aside').first().textContent(), /Reviewed translation/);
  assert.match(await reader.locator('article').textContent(), /312 traders.*keep the river clean/s);
  const alternates = await reader.locator('link[rel=alternate][hreflang]').evaluateAll(
    (links) => links.map((link) => [link.hreflang, link.href]));
  const langs = alternates.map(([lang]) => lang).filter((lang, i, all) => all.indexOf(lang) === i).sort();
  assert.deepEqual(langs, ['ar', 'en', 'fr', 'id', 'ja', 'x-default']);
  const feed = await (await fetch(`${newsroom.url}en/feed.atom`)).text();
  assert.match(feed, /<title[^>]*>Lok Baru Floating Market Reopens<\/title>/);
  assert.match(feed, /312 traders/);
  // On a phone, in Arabic.
  await reader.setViewportSize({ width: 390, height: 844 });
  await reader.goto(address('ar'));
  assert.equal(await reader.locator('html').getAttribute('dir'), 'rtl');
  assert.ok(await reader.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await picture(reader, 'site-article-ar-phone');
  await reader.setViewportSize({ width: 1280, height: 860 });
});

test('the original is corrected: the sentence is made again, and readers are told', async () => {
  const corrected = SENTENCES.map((s) => s.replace('Rp2,4', 'Rp2,6'));
  publication.publish(corrected);
  await desk.goto(`${newsroom.url}desk/settings/sources`);
  await desk.getByRole('button', { name: 'Look now' }).click();
  // The page follows by itself, whenever it was opened.
  await desk.goto(new URL(await edition('en'), newsroom.url).href);
  await sentence(desk, 'Rp2,6').waitFor();
  await desk.locator('#bar[data-state=review]').waitFor();
  assert.equal(await sentence(desk, '312 pedagang').getAttribute('data-state'), 'edited');
  assert.equal(await sentence(desk, 'membuang sampah').getAttribute('data-state'), 'edited');
  assert.equal(await sentence(desk, 'Rp2,6').getAttribute('data-state'), 'machine');
  // Until an editor has looked, readers are told that the page is behind.
  await reader.goto(address('en'));
  assert.match(await reader.locator('main').textContent(), /original was changed/i);
  assert.match(await reader.locator('article').textContent(), /Rp2\.4 billion/);
  await desk.setViewportSize({ width: 390, height: 844 });
  await picture(desk, 'desk-edition-phone');
  await desk.setViewportSize({ width: 1280, height: 860 });
  await approve();
  await until('the corrected page', async () => {
    await reader.goto(address('en'));
    return /Rp2\.6 billion/.test(await reader.locator('article').textContent());
  });
  assert.match(await reader.locator('main').textContent(), /Correction/);
  await picture(reader, 'site-correction', { fullPage: true });
});
