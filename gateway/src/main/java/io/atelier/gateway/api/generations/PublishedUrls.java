package io.atelier.gateway.api.generations;

import io.atelier.contract.image.Publication;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public addresses of published images.
 *
 * @param base the address that bucket and key follow, such as {@code https://images.example.org}; null if there is none
 */
public record PublishedUrls(@Nullable String base) {

    /** No public addresses. */
    public static final PublishedUrls NONE = new PublishedUrls(null);

    public PublishedUrls {
        base = base == null || base.isBlank() ? null : base.strip().replaceAll("/+$", "");
    }

    /** The address of a copy; empty if there are no public addresses. */
    Optional<String> of(Publication copy) {
        return base == null ? Optional.empty() : Optional.of(base + "/" + copy.bucket() + "/" + copy.key());
    }
}
