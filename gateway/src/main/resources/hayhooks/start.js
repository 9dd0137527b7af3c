'use strict';
// Relative, so that it works below a path of a proxy as well.
SwaggerUIBundle({
  url: document.getElementById('swagger-ui').dataset.url.slice(1),
  dom_id: '#swagger-ui',
  deepLinking: true,
});
