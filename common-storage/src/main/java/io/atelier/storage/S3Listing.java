package io.atelier.storage;

import io.minio.ListObjectsV2Args;
import io.minio.ListObjectsV2Response;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a bucket's listing, in S3's own words. A page begins behind a key instead of at a token of the server, so that it can be asked
 * for again at any time, even if that key is gone.
 */
final class S3Listing {

    /** What the server is to do with characters that XML does not take. Atelier's own keys have none, but others may lie beside them. */
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

    static ObjectPage page(ListObjectsV2Response answer) {
        var result = answer.result();
        var objects = new ArrayList<ObjectPage.Listed>();
        @Nullable String last = null;
        for (var item : result.contents()) {
            item.setEncodingType(result.encodingType());
            last = item.objectName();
            if (ObjectKey.isOne(last)) {
                objects.add(new ObjectPage.Listed(
                        new ObjectKey(last), item.size(), item.lastModified().toInstant()));
            }
        }
        return new ObjectPage(objects, result.isTruncated() ? last : null);
    }
}
