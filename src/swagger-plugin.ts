/** What React makes an element of: a tag's name, or a component. */
type Component = string | object;
type Props = Readonly<Record<string, unknown>>;

/** What Swagger UI gives its plugins. */
interface System {
  readonly React: {
    createElement(type: Component, props: Props | null, ...children: readonly unknown[]): object;
  };
}

type Wrap = (original: Component, system: System) => (props: Props) => object | null;

/** Its functions that the components of a response call. */
interface Functions {
  /** @returns what is shown for an example of a media type */
  getSampleSchema(schema: unknown, mediaType: string, config: unknown, example: unknown): unknown;
}

/** A plugin of Swagger UI. Controls that it leaves without a name get one, for those who hear the page; and NDJSON is
 *  shown as the lines that it is, where Swagger UI would have it be JSON. It is sent to the page as its text: it must need
 *  nothing from around it. */
export function swaggerPlugin(): { readonly wrapComponents: Readonly<Record<string, Wrap>> } {
  const isLines = (mediaType: unknown): boolean => String(mediaType).startsWith('application/x-ndjson');
  return {
    wrapComponents: {
      // It shows a word of its own beside some of them.
      ExamplesSelect:
        (original, { React }) =>
        (props) =>
          React.createElement(
            'label',
            { className: 'examples' },
            props['showLabels'] === false
              ? React.createElement('span', { className: 'unseen' }, 'Example: ')
              : null,
            React.createElement(original, props),
          ),
      // There is one server, this one: a choice without a name between one.
      ServersContainer: () => () => null,
      TextArea:
        (original, { React }) =>
        (props) =>
          React.createElement(original, { 'aria-label': 'Request body', ...props }),
      CloseIcon:
        (original, { React }) =>
        (props) =>
          React.createElement(
            'span',
            { role: 'img', 'aria-label': 'Close' },
            React.createElement(original, props),
          ),
      // Who reads the word "Authorize" cannot say "Apply credentials" to a machine that listens.
      Button:
        (original, { React }) =>
        (props) =>
          React.createElement(
            original,
            typeof props['children'] === 'string' ? { ...props, 'aria-label': undefined } : props,
          ),
      // The path of an operation, which comes in pieces, is a link within the button that does the same.
      DeepLink:
        (original, { React }) =>
        (props) =>
          Array.isArray(props['text'])
            ? React.createElement('span', null, ...(props['text'] as readonly unknown[]))
            : React.createElement(original, props),
      // An example of lines: as JSON it would be one string in quotation marks.
      response:
        (original, { React }) =>
        (props) => {
          const functions = props['fn'] as Functions;
          const getSampleSchema: Functions['getSampleSchema'] = (schema, mediaType, config, example) =>
            isLines(mediaType) && typeof example === 'string'
              ? example
              : functions.getSampleSchema(schema, mediaType, config, example);
          return React.createElement(original, { ...props, fn: { ...functions, getSampleSchema } });
        },
      // An answer of lines: "can't parse JSON" would stand above it.
      responseBody:
        (original, { React }) =>
        (props) =>
          React.createElement(
            original,
            isLines(props['contentType']) ? { ...props, contentType: 'text/plain' } : props,
          ),
    },
  };
}
