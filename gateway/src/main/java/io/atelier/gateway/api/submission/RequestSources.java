package io.atelier.gateway.api.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The images that a request names, each with its place in the body, in a fixed order. */
final class RequestSources {

    static final String MASK = "/mask";

    private static final String IMAGES = "/images";

    private RequestSources() {}

    /** An image that a request names, with its JSON pointer. */
    record Placed(Source source, String pointer) {}

    /** The images of a request. */
    static List<Placed> of(GenerationRequest request) {
        var placed = new ArrayList<Placed>();
        for (var source : request.images()) {
            placed.add(new Placed(source, request.splitsOnly() ? "/image" : IMAGES + "/" + placed.size()));
        }
        add(placed, request.mask(), MASK);
        var avatar = request.avatar();
        if (avatar != null) {
            add(placed, avatar.base(), "/base");
            add(placed, avatar.face(), "/face");
        }
        return placed;
    }

    /** The place of all images of a request, which names at least one: that of the list, or of the only one. */
    static String pointer(GenerationRequest request) {
        return request.images().isEmpty() || request.splitsOnly()
                ? of(request).get(0).pointer()
                : IMAGES;
    }

    private static void add(List<Placed> placed, @Nullable Source source, String pointer) {
        if (source != null) {
            placed.add(new Placed(source, pointer));
        }
    }

    /** The same request with other images, in the order of {@link #of}. */
    static GenerationRequest replaced(GenerationRequest request, List<Source> sources) {
        var rest = sources.iterator();
        return mapped(request, source -> rest.next());
    }

    /** The same request with each image replaced, in the order of {@link #of}. */
    static GenerationRequest mapped(GenerationRequest request, UnaryOperator<Source> replacement) {
        var builder = request.toBuilder()
                .images(request.images().stream().map(replacement).toList());
        if (request.mask() != null) {
            builder.mask(replacement.apply(request.mask()));
        }
        var avatar = request.avatar();
        if (avatar != null) {
            var changed = avatar.toBuilder();
            if (avatar.base() != null) {
                changed.base(replacement.apply(avatar.base()));
            }
            if (avatar.face() != null) {
                changed.face(replacement.apply(avatar.face()));
            }
            builder.avatar(changed.build());
        }
        return builder.build();
    }
}
