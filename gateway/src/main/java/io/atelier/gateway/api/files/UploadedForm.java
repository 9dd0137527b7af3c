package io.atelier.gateway.api.files;

import java.util.List;
import java.util.Map;

/**
 * A multipart body. The bytes of its files are valid only as long as the request is handled.
 *
 * @param files in the order of the body
 * @param fields the texts, by the names of their parts
 */
public record UploadedForm(List<Upload> files, Map<String, String> fields) {

    public UploadedForm {
        files = List.copyOf(files);
        fields = Map.copyOf(fields);
    }
}
