"""A codebook in a plane, with the encoder's outputs around its codes."""

import gradio as gr

from explorer.page.check import NUMBER, NUMBERS, PICTURES, Ports
from explorer.widgets.component import component


def codebook_map(
    title: str,
    *,
    places: str = "places",
    others: str = "others",
    other_codes: str = "other_codes",
    outputs: str = "outputs",
    output_codes: str = "output_codes",
    tiles: str = "tiles",
    numbers: str = "numbers",
    shares: str = "shares",
    lit: str = "lit",
    code: str = "code",
    cell: str = "cell",
    width: int = 700,
    height: int = 440,
    hint: str = "",
    elem_id: str | None = None,
) -> gr.HTML:
    """Each code as its tile, and a line to it from every output of the encoder for the picture that it was assigned to.

    Wheel, pinch and keys zoom, dragging moves; hovering a code or an output lights the code, clicking chooses it.

    Arguments:
        title: What is seen.
        places: Key of where the codes lie, float32 (K, 2).
        others: Key of where the outputs for other pictures lie, float32 (N, 2).
        other_codes: Key of the code of each of them, (N,).
        outputs: Key of where the outputs for the picture's cells lie, float32 (h w, 2).
        output_codes: Key of the code of each cell, (h, w).
        tiles: Key of the tiles of all codes, uint8 (K, C, t, t); until they are there, codes are squares.
        numbers: Key of the tiles' codes, (K,).
        shares: Key of how often they are chosen in the test set, in %, (K,).
        lit: Key of the code under the pointer, here or in another widget.
        code: Key of the chosen code.
        cell: Key of the cell whose output is under the pointer, -1 for none.
        width: On screen, in CSS pixels.
        height: On screen, in CSS pixels.
        hint: What the pointer does, said beside the title.
        elem_id: Identifier in the page.
    """
    return component(
        "codebook_map",
        **locals(),
        ports=Ports(
            reads={
                tiles: PICTURES,
                **dict.fromkeys((places, others, other_codes, outputs, output_codes, numbers, shares), NUMBERS),
                **dict.fromkeys((lit, code, cell), NUMBER),
            },
            sets=dict.fromkeys((lit, code, cell), NUMBER),
        ),
    )
