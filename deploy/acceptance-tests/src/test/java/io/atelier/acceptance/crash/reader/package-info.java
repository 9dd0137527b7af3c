/** The independent reader: what the topics, the HTTP door and the store say of a job, and what must be true of it. No code of the project. */
@NullMarked
package io.atelier.acceptance.crash.reader;

import org.jspecify.annotations.NullMarked;
