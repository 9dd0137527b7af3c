package io.atelier.gateway.api.avatars.export;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;

/**
 * An image of an avatar as a file.
 *
 * @param name such as {@code img_0.png}
 */
record AvatarFile(String name, StoredImage image) {

    /** The images of an avatar: base image, grids, and the images that were cut. None until it has ended, because until then they are not settled. */
    static List<AvatarFile> of(Job job) {
        var files = new ArrayList<AvatarFile>();
        if (!job.status().terminal()) {
            return files;
        }
        if (job.base() != null) {
            files.add(named("base", job.base()));
        }
        for (int i = 0; i < job.grids().size(); i++) {
            files.add(named("grid_" + i, job.grids().get(i)));
        }
        job.images().forEach(image -> files.add(named("img_" + image.index(), image)));
        return files;
    }

    private static AvatarFile named(String stem, StoredImage image) {
        boolean isJpeg = image.mediaType().equals(MediaType.IMAGE_JPEG_VALUE);
        return new AvatarFile(stem + (isJpeg ? ".jpg" : ".png"), image);
    }
}
