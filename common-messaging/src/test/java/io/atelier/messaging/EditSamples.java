package io.atelier.messaging;

import io.atelier.contract.image.FileId;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.Source;
import java.util.List;

/** A sample of a job that changes a part of an uploaded file. */
final class EditSamples {

    private static final FileId FILE =
            FileId.ofSha256("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    private static final FileId MASK =
            FileId.ofSha256("60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752");

    private EditSamples() {}

    static JobEvent.GenerationRequested requested() {
        var plain = Samples.requested("remote", "generate");
        return plain.with(plain.request().toBuilder()
                .images(List.of(source(FILE)))
                .mask(source(MASK))
                .strength(0.6)
                .jpeg(new JpegEncoding(80))
                .build());
    }

    static List<GenerationEvent> events() {
        return EventVariants.of(PublicSamples.events(), request -> requested().request(), EditSamples::ofAnEdit);
    }

    static Job job() {
        return ofAnEdit(Samples.job());
    }

    private static Job ofAnEdit(Job job) {
        return EventVariants.withRequest(job, requested().request());
    }

    private static Source source(FileId id) {
        return Source.of(id)
                .storedAs(new StoredImage(
                        0,
                        StoredImage.Kind.IMAGE,
                        "files/" + id.value().substring(55) + "/" + id + "/content.png",
                        id.sha256(),
                        48_123,
                        "image/png",
                        512,
                        512,
                        null,
                        null));
    }
}
