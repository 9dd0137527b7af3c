package io.atelier.generator.engine.openai.dialect;

import io.atelier.generator.engine.EditMask;

/** How a server is told which part of an image to change. */
public enum MaskForm {
    /** It cannot be told. */
    NONE {
        @Override
        public byte[] write(EditMask mask) {
            throw new UnsupportedOperationException("This server takes no mask");
        }
    },
    /** A PNG that is transparent where the image changes. */
    TRANSPARENT {
        @Override
        public byte[] write(EditMask mask) {
            return mask.transparentPng();
        }
    },
    /** A grey PNG that is white where the image changes. */
    WHITE {
        @Override
        public byte[] write(EditMask mask) {
            return mask.whitePng();
        }
    };

    /** The PNG file of a mask in this form. */
    public abstract byte[] write(EditMask mask);
}
