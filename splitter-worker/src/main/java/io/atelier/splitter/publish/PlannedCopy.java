package io.atelier.splitter.publish;

import io.atelier.contract.image.Publication;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.work.PublishRequested;
import io.atelier.storage.KeyTemplate;
import io.atelier.storage.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The copy of an image that a task is to make.
 *
 * @param image image to publish
 * @param to key of the copy
 */
record PlannedCopy(StoredImage image, ObjectKey to) {

    private static final String PNG = "image/png";

    /**
     * Plans the copies of a task, in its order.
     *
     * @throws PublishFailed if no attempt can carry out the task
     */
    static List<PlannedCopy> of(PublishRequested task, KeyTemplate keys) {
        requireImages(task.tiles());
        var copies = new ArrayList<PlannedCopy>();
        for (var image : task.tiles()) {
            copies.add(new PlannedCopy(image, key(task, keys, image.index())));
        }
        return copies;
    }

    ObjectKey from() {
        return new ObjectKey(image.key());
    }

    Publication publication(String bucket) {
        return new Publication(bucket, to.value());
    }

    private static void requireImages(List<StoredImage> images) {
        if (images.isEmpty() || images.size() > AvatarSpec.MAX_IMAGES) {
            throw rejected("1 to %d images can be published; got %d.".formatted(AvatarSpec.MAX_IMAGES, images.size()));
        }
        for (int number = 0; number < images.size(); number++) {
            var image = images.get(number);
            if (image.index() != number) {
                var got = images.stream()
                        .map(each -> Integer.toString(each.index()))
                        .collect(Collectors.joining(", "));
                throw rejected("The images must be numbered from 0 without gaps; got " + got + ".");
            }
            if (!image.mediaType().equals(PNG)) {
                throw rejected("Image %d is %s; only image/png can be published. Send it as PNG."
                        .formatted(number, image.mediaType()));
            }
        }
    }

    private static ObjectKey key(PublishRequested task, KeyTemplate keys, int index) {
        if (task.personaId() != null) {
            return keys.key(task.personaId(), index);
        }
        var beginning = task.keyBase();
        if (beginning == null) {
            throw rejected("A publication needs the id of a persona or the beginning of its keys.");
        }
        return keys.keyBelow(beginning, index)
                .orElseThrow(() -> rejected(
                        "The keys cannot begin with '%s'; they must begin with '%s' and consist of A-Z a-z 0-9 . _ - /."
                                .formatted(beginning, keys.folder())));
    }

    private static PublishFailed rejected(String message) {
        return new PublishFailed(Code.REQUEST_REJECTED, message);
    }
}
