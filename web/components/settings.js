import { i18n, t, useLang } from '../core/context.js';
import { h } from '../core/element.js';
import { LANGS } from '../core/i18n.js';
import { THEMES, theme, useTheme } from '../core/theme.js';
import { segmented } from './segmented.js';

/** Every language says its own name. @type {Record<import('../core/i18n.js').Lang, string>} */
const NAMES = { ko: '한국어', en: 'English' };

/** Language and theme. */
export function settings() {
  return h(
    'div',
    { class: 'settings' },
    segmented({
      legend: t('settings.language'),
      showLegend: true,
      value: i18n.lang.value,
      options: LANGS.map((lang) => ({ value: lang, label: NAMES[lang] })),
      onchange: useLang,
    }),
    segmented({
      legend: t('settings.theme'),
      showLegend: true,
      value: theme.value,
      options: THEMES.map((name) => ({ value: name, label: t(`settings.theme.${name}`) })),
      onchange: useTheme,
    }),
  );
}
