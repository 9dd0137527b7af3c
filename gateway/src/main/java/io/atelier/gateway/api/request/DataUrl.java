package io.atelier.gateway.api.request;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.FileId;
import io.atelier.gateway.files.format.CleanImageFile;
import io.atelier.gateway.files.format.ImageFileRefused;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads images in data URLs (RFC 2397) with base64. */
final class DataUrl {

    private static final Pattern FORM = Pattern.compile(
            "data:image/(?<type>png|jpeg|jpg|webp|gif);base64,(?<content>[A-Za-z0-9+/]*={0,2})",
            Pattern.CASE_INSENSITIVE);

    private DataUrl() {}

    /** The image in the field {@code data_url} of an object; empty, with an error, if there is none. */
    static Optional<InlineImage> read(JsonFields item, String field) {
        return item.text(field, 1, RequestLimits.MAX_DATA_URL_LENGTH).flatMap(url -> {
            var parts = FORM.matcher(url);
            if (!parts.matches()) {
                item.error(
                        field,
                        "Must be 'data:', image/png, image/jpeg, image/webp or image/gif, ';base64,' and the file in"
                                + " base64.");
                return Optional.empty();
            }
            try {
                var file = CleanImageFile.of(Base64.getDecoder().decode(parts.group("content")));
                if (!file.mediaType().equals(mediaType(parts.group("type")))) {
                    item.error(field, "Must name the type of its bytes, which is %s.".formatted(file.mediaType()));
                } else if (file.pixels() > RequestLimits.MAX_TOTAL_PIXELS) {
                    item.error(field, "Must have at most %d pixels.".formatted(RequestLimits.MAX_TOTAL_PIXELS));
                } else {
                    var id = FileId.ofSha256(Sha256.of(file.bytes()).hex());
                    return Optional.of(new InlineImage(id, file));
                }
            } catch (IllegalArgumentException e) {
                item.error(field, "Is not valid base64.");
            } catch (ImageFileRefused e) {
                item.error(field, "The file " + e.getMessage());
            }
            return Optional.empty();
        });
    }

    private static String mediaType(String type) {
        var lower = type.toLowerCase(Locale.ROOT);
        return "image/" + (lower.equals("jpg") ? "jpeg" : lower);
    }
}
