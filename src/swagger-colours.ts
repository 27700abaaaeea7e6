/** WCAG 2.2 asks for 4.5 between a text and what is behind it; where Swagger UI's colours have less, these have more. */
export const LEGIBLE = `
  .swagger-ui .info .title small { background: #5b6270; }
  .swagger-ui .info .title small.version-stamp { background: #4d6b02; }
  .swagger-ui .info a, .swagger-ui .info .link { color: #1f5fb0; }
  .swagger-ui .btn.authorize { border-color: #1b7a4d; color: #1b7a4d; }
  .swagger-ui .btn.authorize svg { fill: #1b7a4d; }
  .swagger-ui .btn.cancel { border-color: #b3261e; color: #b3261e; }
  .swagger-ui .btn.execute { background: #1f5fb0; border-color: #1f5fb0; }
  .swagger-ui .opblock.opblock-post .opblock-summary-method { background: #1b7a4d; }
  .swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1f5fb0; }
  .swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #b3261e; }
  .swagger-ui .download-contents { background: #4a5060; }
  html.dark-mode .swagger-ui .opblock .opblock-section-header .try-out__btn.cancel { border-color: #ff9d94; color: #ff9d94; }
  .swagger-ui label.examples { color: inherit; font-weight: inherit; }
  html.dark-mode .swagger-ui .examples-select__section-label { color: #e4e6e6; }
  .unseen { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
`;
