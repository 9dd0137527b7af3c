package io.atelier.storage;

import io.minio.ListObjectsV2Args;
import io.minio.ListObjectsV2Response;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Creates requests for pages of a listing and reads the responses. A page starts after a key instead of at a continuation token, so that it can
 * be requested again at any time, even if that key was deleted.
 */
final class S3Listing {

    /** Makes the server encode characters that XML does not allow. Keys of Atelier contain none, but other keys in the bucket may. */
    private static final String ENCODING = "url";

    private S3Listing() {}

    static ListObjectsV2Args page(String bucket, String folder, @Nullable String after, int limit) {
        ObjectPage.requireListable(folder, limit);
        var page = ListObjectsV2Args.builder()
                .bucket(bucket)
                .prefix(folder)
                .maxKeys(limit)
                .encodingType(ENCODING);
        if (after != null) {
            page.startAfter(after);
        }
        return page.build();
    }

    static ObjectPage page(ListObjectsV2Response response) {
        var result = response.result();
        var objects = new ArrayList<ObjectPage.Listed>();
        @Nullable String last = null;
        for (var item : result.contents()) {
            item.setEncodingType(result.encodingType());
            last = item.objectName();
            ObjectKey.parse(last)
                    .map(key -> new ObjectPage.Listed(
                            key, item.size(), item.lastModified().toInstant()))
                    .ifPresent(objects::add);
        }
        return new ObjectPage(objects, result.isTruncated() ? last : null);
    }
}
