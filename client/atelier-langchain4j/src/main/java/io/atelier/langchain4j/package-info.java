/** Atelier as an {@code ImageModel} of LangChain4j. */
@NullMarked
package io.atelier.langchain4j;

import org.jspecify.annotations.NullMarked;
