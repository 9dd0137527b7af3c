/** What an image file says about its orientation. */
@NullMarked
package io.atelier.image.exif;

import org.jspecify.annotations.NullMarked;
