package io.atelier.standalone.models.source;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a source has of a model.
 *
 * @param origin the source and its exact version, such as {@code hf:ORG/NAME@COMMIT}
 * @param license of the weights; {@code unknown} if the source names none
 * @param index what {@code model_index.json} says
 * @param files those that are needed to run the model
 */
public record ModelListing(String origin, String license, PipelineIndex index, List<SourceFile> files) {

    public ModelListing {
        files = List.copyOf(files);
    }

    /** The size of all files in bytes. */
    public long bytes() {
        return files.stream().mapToLong(SourceFile::bytes).sum();
    }

    /** Whether a file holds weights. The others say what they are weights of, and are small. */
    public boolean isWeights(SourceFile file) {
        return index.isWeights(file.path());
    }

    /** Whether a file is a network, which names the files of its external data; these are weights, too. */
    public boolean isNetwork(SourceFile file) {
        return isWeights(file) && file.path().equals(networkOf(file));
    }

    /** The path of the network that a file of weights belongs to. */
    public String networkOf(SourceFile weights) {
        return weights.folder() + "/" + PipelineIndex.WEIGHTS;
    }

    /** The sizes of the networks' files in bytes, by the names of the networks. */
    public Map<String, Long> networkBytes() {
        return files.stream()
                .filter(this::isWeights)
                .collect(Collectors.groupingBy(SourceFile::folder, Collectors.summingLong(SourceFile::bytes)));
    }
}
