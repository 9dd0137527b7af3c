package io.atelier.gateway.api.derivatives;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.request.ValidationErrors;
import io.atelier.storage.ObjectKey;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a client wants an image.
 *
 * @param width in pixels, one of {@link #WIDTHS}; null for the width of the image
 * @param format null for that of the image
 */
public record DerivativeForm(
        @Nullable Integer width, @Nullable Format format) {

    /** The query parameter of the width. */
    public static final String WIDTH_PARAMETER = "w";

    /** The query parameter of the format. */
    public static final String FORMAT_PARAMETER = "format";

    /** The widths that images are offered in, beside their own. */
    public static final List<Integer> WIDTHS = List.of(256, 512, 1024);

    /** The formats of images. */
    public enum Format {
        PNG("image/png", ".png"),
        JPEG("image/jpeg", ".jpg");

        private final String mediaType;
        private final String extension;

        Format(String mediaType, String extension) {
            this.mediaType = mediaType;
            this.extension = extension;
        }

        /** The format of an image of a job. */
        static Format of(StoredImage image) {
            return image.mediaType().equals(JPEG.mediaType) ? JPEG : PNG;
        }

        String mediaType() {
            return mediaType;
        }
    }

    /**
     * The form that two query parameters name.
     *
     * @param width null if absent
     * @param format null if absent
     * @throws Problem of kind {@code VALIDATION_FAILED} with what is allowed, for other values
     */
    public static DerivativeForm of(@Nullable String width, @Nullable String format) {
        var errors = new ValidationErrors();
        var knownWidth = WIDTHS.stream()
                .filter(each -> each.toString().equals(width))
                .findFirst()
                .orElse(null);
        if (width != null && knownWidth == null) {
            errors.add(FieldError.inParameter(
                    WIDTH_PARAMETER,
                    "Must be one of 256, 512, 1024, in pixels; an image that is not wider is sent in its own size."));
        }
        var knownFormat = Stream.of(Format.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(format))
                .findFirst()
                .orElse(null);
        if (format != null && knownFormat == null) {
            errors.add(FieldError.inParameter(FORMAT_PARAMETER, "Must be one of jpeg, png."));
        }
        errors.throwIfAny();
        return new DerivativeForm(knownWidth, knownFormat);
    }

    /** The format in which the image is sent. */
    Format formatFor(StoredImage image) {
        return format == null ? Format.of(image) : format;
    }

    /** The width in which the image is sent. */
    int widthFor(StoredImage image) {
        return width == null ? image.width() : Math.min(width, image.width());
    }

    /** Whether the stored image itself has the form. */
    boolean isThatOf(StoredImage image) {
        return formatFor(image) == Format.of(image) && widthFor(image) == image.width();
    }

    /** Whether the PNG with all samples of the image has the form. */
    boolean isThatOfTheOriginal(StoredImage image) {
        return formatFor(image) == Format.PNG && widthFor(image) == image.width();
    }

    /** The key of the image in the form; those that differ in nothing have the same. */
    ObjectKey key(JobId job, StoredImage image) {
        var form = "w" + widthFor(image) + formatFor(image).extension;
        return new ObjectKey(JobFolder.derivative(job, image.sha256(), form));
    }
}
