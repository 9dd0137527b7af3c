/** What can be subscribed to, described for machines: an AsyncAPI document and the schemas that it is made of. */
@NullMarked
package io.atelier.gateway.asyncapi;

import org.jspecify.annotations.NullMarked;
