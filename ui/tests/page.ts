// What can be asked of a page that is drawn.
import type { Page } from 'playwright-core';

/** Whatever is wider than the place it has, so that the page would scroll sideways or something is cut off. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = (one: Element) => one.scrollWidth > one.clientWidth + 1;
    const roots = [document.documentElement, document.body, ...document.querySelectorAll('main, nav, .panel, .box, [role=alertdialog], [role=menu], aside, form, .stage, .toast')];
    return roots.filter(wide).map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} in ${one.clientWidth}`);
  });
}

/** Elements that none of our screens draws, and links that lead out: they can only come from text taken for markup. */
export function foreign(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // Pictures of our own are made from bytes; text can't name one.
    const never = 'img:not([src^="blob:"]), iframe, object, embed, base, form[action], details[ontoggle], math, style, video, audio, link, meta';
    const found = [...document.body.querySelectorAll(never)].map((one) => one.outerHTML.slice(0, 120));
    const scripts = document.querySelectorAll('script').length;
    const out = [...document.querySelectorAll('a[href]')].filter((one) => !one.getAttribute('href')?.startsWith('#'));
    const handlers = [...document.body.querySelectorAll('*')].filter((one) => one.getAttributeNames().some((name) => name.startsWith('on')));
    return [
      ...found,
      ...(scripts > 1 ? [`${scripts} scripts`] : []),
      ...[...out, ...handlers].map((one) => one.outerHTML.slice(0, 120)),
    ];
  });
}
