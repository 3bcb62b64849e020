/**
 * Text that people read stands in the catalogues, not in the code. The rule looks where text reaches
 * the page: children of h() and the attributes that are read aloud or shown.
 */

const SHOWN = new Set(['alt', 'title', 'placeholder', 'label', 'aria-label', 'textContent']);
const HAS_WORD = /\p{L}{2,}/u;

/** @param {any} node @returns {string[]} every literal text the expression can become */
function texts(node) {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral':
      return node.quasis.map((/** @type {any} */ part) => part.value.cooked ?? '');
    case 'ConditionalExpression':
      return [...texts(node.consequent), ...texts(node.alternate)];
    case 'LogicalExpression':
      return [...texts(node.left), ...texts(node.right)];
    case 'BinaryExpression':
      return node.operator === '+' ? [...texts(node.left), ...texts(node.right)] : [];
    case 'ArrayExpression':
      return node.elements.flatMap(texts);
    default:
      return [];
  }
}

/** @type {import('eslint').Rule.RuleModule} */
export const noLiteralText = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { literal: 'Text "{{text}}" belongs into i18n/*.json and is read with t().' },
  },
  create(context) {
    /** @param {any} node */
    const check = (node) => {
      const text = texts(node).find((part) => HAS_WORD.test(part));
      if (text !== undefined) context.report({ node, messageId: 'literal', data: { text } });
    };
    return {
      CallExpression(/** @type {any} */ node) {
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'h') return;
        for (const child of node.arguments.slice(2)) check(child);
        const props = node.arguments[1];
        if (props?.type !== 'ObjectExpression') return;
        for (const prop of props.properties) {
          if (prop.type !== 'Property') continue;
          const name = prop.key.type === 'Identifier' ? prop.key.name : prop.key.value;
          if (SHOWN.has(name)) check(prop.value);
        }
      },
      AssignmentExpression(/** @type {any} */ node) {
        const target = node.left;
        if (target.type === 'MemberExpression' && SHOWN.has(target.property.name)) check(node.right);
      },
    };
  },
};
