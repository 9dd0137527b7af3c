package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.crash.reader.ImageReadResult.ExpectedImage;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The published copy of an image, as an event describes it.
 *
 * @param expected with the key of the copy
 */
record PublishedCopy(String bucket, ExpectedImage expected) {

    /** Empty if the image was not published. */
    static Optional<PublishedCopy> of(JsonNode image) {
        var published = image.path("published");
        if (!published.isObject()) {
            return Optional.empty();
        }
        var expected = new ExpectedImage(
                published.get("key").asString(),
                image.get("sha256").asString(),
                image.get("bytes").asLong());
        return Optional.of(new PublishedCopy(published.get("bucket").asString(), expected));
    }
}
