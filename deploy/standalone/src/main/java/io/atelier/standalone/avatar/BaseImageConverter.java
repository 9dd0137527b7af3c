package io.atelier.standalone.avatar;

import io.atelier.standalone.generation.SourceImageConverter;
import io.atelier.standalone.generation.SourceImageOption;
import picocli.CommandLine.ITypeConverter;
import tools.jackson.databind.node.ObjectNode;

/** Converts as {@link SourceImageConverter} does without URLs, but a job without an index is its base image if it is an avatar. */
final class BaseImageConverter implements ITypeConverter<SourceImageOption> {

    private final SourceImageConverter converter = new SourceImageConverter(false);

    @Override
    public SourceImageOption convert(String text) {
        var image = converter.convert(text);
        if (image.known() != null
                && !text.contains(":")
                && image.known().path("generation") instanceof ObjectNode generation) {
            generation.remove("index");
        }
        return image;
    }
}
