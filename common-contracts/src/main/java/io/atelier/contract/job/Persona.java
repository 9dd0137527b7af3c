package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The person of an avatar. Personal data: it is an object in the store, never a part of a record on a topic and never in a log. All texts may
 * be empty.
 *
 * @param id the client's own id of the person, which is part of public URLs
 * @param gender {@code m}, {@code male}, {@code f}, {@code female} or any other word
 * @param ethnicity null if the client gave none
 * @param age in years, 0 to 150; null if the client gave none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Persona(
        String id,
        String firstname,
        String lastname,
        String gender,
        String bioFacebook,
        String bioInstagram,
        String bioX,
        String bioTiktok,
        @Nullable String ethnicity,
        @Nullable Integer age) {

    /** The id alone, because the rest is personal data. */
    @Override
    public String toString() {
        return "Persona[id=" + id + "]";
    }
}
