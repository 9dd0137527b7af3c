/** What nobody will work on again: shows it, and asks for it again. */
@NullMarked
package io.atelier.standalone.deadletters;

import org.jspecify.annotations.NullMarked;
