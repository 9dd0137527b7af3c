package io.atelier.splitter;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.Provenance.ContentCredentials;
import io.atelier.contract.image.StoredImage;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.PngTextChunks;
import io.atelier.storage.StoredObject;
import io.atelier.worker.store.TaskImageRepository;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a grid comes from, which its tiles say too.
 *
 * @param text the texts that Atelier wrote into the file, or would have written if the file were not signed; none for a file of others
 * @param source how its pixels came to be; empty if neither the file nor its metadata says it
 * @param provenance what the file itself says
 */
record GridOrigin(PngTextChunks text, Optional<DigitalSourceType> source, Provenance provenance) {

    private static final String JOB = "job";
    private static final String MODEL = "model";
    private static final String SEED = "seed";

    /** The origin of a file that was converted to PNG: of a client, without texts, because these are removed from uploads. */
    static GridOrigin converted(ContentCredentials credentials, Optional<DigitalSourceType> source) {
        return new GridOrigin(PngTextChunks.NONE, source, new Provenance(source.isPresent(), credentials));
    }

    /** Whether the file does not say all, so that the metadata of its object must be read. */
    static boolean needsObject(PngFileMetadata file) {
        return file.source().isEmpty() || (file.hasContentCredentials() && !file.isOurs());
    }

    /**
     * The origin of a PNG.
     *
     * @param object the stored file; empty if it was not asked for
     */
    static GridOrigin of(PngFileMetadata file, Optional<StoredObject> object, StoredImage announced) {
        var provenance = new Provenance(file.source().isPresent(), credentials(file, announced));
        var source = file.source().or(() -> object.flatMap(TaskImageRepository::sourceType));
        return new GridOrigin(text(file, object), source, provenance);
    }

    private static ContentCredentials credentials(PngFileMetadata file, StoredImage announced) {
        if (file.hasContentCredentials()) {
            return ContentCredentials.KEPT;
        }
        @Nullable Provenance known = announced.provenance();
        return known == null ? ContentCredentials.NONE : known.c2pa().ofCopy();
    }

    private static PngTextChunks text(PngFileMetadata file, Optional<StoredObject> object) {
        if (file.isOurs()) {
            return new PngTextChunks(file.text());
        }
        // Texts of others are not taken along; a signed file of a provider has ours in the metadata of its object.
        var metadata = object.map(StoredObject::metadata).orElse(Map.of());
        @Nullable String job = metadata.get(JOB);
        return job == null ? PngTextChunks.NONE : PngTextChunks.minimal(job, metadata.get(MODEL), metadata.get(SEED));
    }

    /** The texts of a tile. */
    PngTextChunks tileText(boolean marksImages) {
        return marksImages ? source.map(text::marked).orElse(text) : text;
    }

    /** What the file of a tile says. */
    Provenance tileProvenance(boolean marksImages) {
        return new Provenance(
                marksImages && source.isPresent(), provenance.c2pa().ofCopy());
    }

    /** What the metadata of a copy of the grid says beside the provenance, so that it can be split again. */
    Map<String, String> copyMetadata() {
        var metadata = new HashMap<String, String>();
        TaskImageRepository.putSourceType(metadata, source);
        if (provenance.c2pa() == ContentCredentials.KEPT) {
            Optional.ofNullable(text.entries().get(JOB)).ifPresent(job -> metadata.put(JOB, job));
            Optional.ofNullable(text.entries().get(MODEL)).ifPresent(model -> metadata.put(MODEL, model));
        }
        return metadata;
    }
}
