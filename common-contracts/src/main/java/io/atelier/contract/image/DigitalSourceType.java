package io.atelier.contract.image;

import java.util.Optional;
import java.util.stream.Stream;

/** The digital source types of IPTC for media that an algorithm made, see {@code http://cv.iptc.org/newscodes/digitalsourcetype/}. */
public enum DigitalSourceType {
    /** A model generated all of it. */
    TRAINED_ALGORITHMIC_MEDIA("trainedAlgorithmicMedia"),
    /** A model changed existing images. */
    COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA("compositeWithTrainedAlgorithmicMedia"),
    /** A composite with at least one part that an algorithm made. Only found in files of others. */
    COMPOSITE_SYNTHETIC("compositeSynthetic"),
    /** An algorithm without training data made it. Only found in files of others. */
    ALGORITHMIC_MEDIA("algorithmicMedia");

    /** The metadata of a stored object in which workers keep the term, since a signed file cannot take a mark of ours. */
    public static final String METADATA_NAME = "digital-source-type";

    private static final String VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/";

    private final String term;

    DigitalSourceType(String term) {
        this.term = term;
    }

    /** The source type with that name in the vocabulary of IPTC; empty if it is none of these. */
    public static Optional<DigitalSourceType> ofTerm(String term) {
        return Stream.of(values()).filter(type -> type.term.equals(term)).findFirst();
    }

    /** The source type with that URI, also with {@code https}; empty if it is none of these. */
    public static Optional<DigitalSourceType> ofUri(String uri) {
        var plain = uri.strip().replaceFirst("^https:", "http:");
        return Stream.of(values()).filter(type -> type.uri().equals(plain)).findFirst();
    }

    /** The name in the vocabulary of IPTC, such as {@code trainedAlgorithmicMedia}. */
    public String term() {
        return term;
    }

    /** The URI in the vocabulary of IPTC. */
    public String uri() {
        return VOCABULARY + term;
    }
}
