/** Where models come from: a folder of this machine, a repository of the Hugging Face Hub, or a folder on a web server. */
@NullMarked
package io.atelier.standalone.models.source;

import org.jspecify.annotations.NullMarked;
