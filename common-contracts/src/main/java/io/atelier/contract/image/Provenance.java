package io.atelier.contract.image;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What an image file says about its origin, for programs that read it.
 *
 * @param marked whether the file has an XMP packet with the IPTC digital source type of media that a model generated
 * @param c2pa what became of the C2PA manifest (content credentials) that the file of the provider had
 */
public record Provenance(boolean marked, ContentCredentials c2pa) {

    /** A C2PA manifest is signed over the bytes of the file, so it is valid only as long as these do not change. */
    public enum ContentCredentials {
        /** The file is stored byte for byte, and its manifest is still valid. */
        KEPT,
        /** The image was cut or converted, so the manifest is not in the file. */
        DROPPED,
        /** There was no manifest. */
        NONE;

        /** The JSON value: the name in lower case. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What holds for an image that is made from the pixels of this one. */
        public ContentCredentials ofCopy() {
            return this == NONE ? NONE : DROPPED;
        }
    }
}
