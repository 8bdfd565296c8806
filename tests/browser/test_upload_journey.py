"""Files that people have, as the page reads them: photographs, transparent, turned, large and damaged pictures."""

import base64
import io
from urllib.parse import urlparse

import numpy as np
import pytest
from PIL import Image, ImageDraw

from explorer.data import sample_sheets
from tests.browser.hand import pixels, settle
from tests.conftest import ROOT
from tests.photographs import INKS, Conditions, jpeg, photograph

READ = """async ([text, side, channels, digit]) => {
    const {fromFile} = await import('/widgets/picture_file.js');
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const {data, shape} = await fromFile(new Blob([bytes]), side, channels, digit);
    return [Array.from(data), shape];
}"""


@pytest.fixture(scope="module")
def reader(browser):
    """Reads a file's content as the page does, without the app: as a digit, a grey picture or one in colour."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(path=ROOT / "explorer" / urlparse(route.request.url).path[1:]))
    page.goto("http://localhost/widgets/ink.js")

    def read(content: bytes, side: int = 28, channels: int = 1, digit: bool = True) -> np.ndarray:
        values, shape = page.evaluate(READ, [base64.b64encode(content).decode(), side, channels, digit])
        return np.array(values, np.uint8).reshape(shape)

    yield read
    context.close()


@pytest.fixture(scope="module")
def shipped() -> np.ndarray:
    return sample_sheets.load("mnist").pictures[:, 0]


def nearest(picture: np.ndarray, shipped: np.ndarray) -> int:
    return int(((shipped.astype(float) - picture) ** 2).sum(axis=(1, 2)).argmin())


def encoded(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def seven(size: tuple[int, int], ink, ground, mode: str = "RGB") -> Image.Image:
    """A broad 7, whose corners are known, off the middle of a picture."""
    picture = Image.new(mode, size, ground)
    unit = min(size) / 10
    corners = [(2 * unit, 2 * unit), (5 * unit, 2 * unit), (3 * unit, 8 * unit)]
    ImageDraw.Draw(picture).line(corners, ink, width=round(unit * 0.7), joint="curve")
    return picture


def on_desk(sheet: Image.Image, desk: str) -> Image.Image:
    """A sheet that lies in the middle of a larger picture."""
    picture = Image.new("RGB", (640, 480), desk)
    picture.paste(sheet, (160, 90))
    return picture


def is_seven(picture: np.ndarray) -> None:
    """Light on black, fitted into 20 × 20 and centred, with its bar above and nothing on its left below."""
    assert picture.max() == 255
    rows, columns = np.nonzero(picture > 127)
    assert rows.max() - rows.min() + 1 == pytest.approx(20, abs=1)
    mass = picture / picture.sum()
    assert (mass.sum(axis=1) @ np.arange(28), mass.sum(axis=0) @ np.arange(28)) == pytest.approx((14, 14), abs=0.6)
    top, left = rows.min(), columns.min()
    assert picture[top : top + 3, left + 2 : left + 8].max(axis=0).min() > 127
    assert picture[top + 6 : top + 14, : left + 2].max() < 16
    assert (picture[[0, 1, -1]] == 0).all()
    assert (picture == 0).mean() > 0.6


@pytest.mark.parametrize("surface", INKS)
@pytest.mark.parametrize(
    "how",
    [
        Conditions(size=(400, 300)),
        Conditions(size=(300, 400), share=0.3, place=(0.2, 0.8), light=0.5, slope=0.4, ruled="lines"),
        Conditions(size=(480, 270), share=0.8, vignette=0.4, shadow=0.3, noise=6, blur=1.2, quality=60),
    ],
    ids=["as it is", "small, dim and from one side", "16:9, in half shadow"],
)
def test_a_photographed_digit_is_nearest_to_itself_among_all_that_ship(reader, shipped, surface, how):
    if "screen" in surface or "board" in surface:
        how = how._replace(ruled="")
    for number in (3, 222):
        read = reader(jpeg(photograph(shipped[number], how._replace(surface=surface), seed=number), how.quality))[0]
        assert nearest(read, shipped) == number


def test_a_shipped_digit_comes_back_as_it_is(reader, shipped):
    for number in range(0, 500, 100):
        read = reader(encoded(Image.fromarray(shipped[number])))[0]
        assert np.abs(read.astype(int) - shipped[number]).mean() < 3


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (800, 450), (300, 300), (60, 60)])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("white", "black"),
        ("#eee", "#141414"),
        ("black", "white"),
        ("#303030", "#a0a0a0"),
        ("#123", "#f2e6c8"),
        ("#777", "#bbb"),
    ],
)
def test_a_digit_on_any_ground_arrives_light_on_black_boxed_and_centred(reader, size, ink, ground):
    is_seven(reader(jpeg(seven(size, ink, ground), 92))[0])


@pytest.mark.parametrize("ink", ["white", "black", "#c03", "#fe0"])
@pytest.mark.parametrize("palette", [False, True])
def test_ink_on_transparency_is_the_digit_whatever_its_colour(reader, ink, palette):
    picture = seven((300, 300), ink, (0, 0, 0, 0), "RGBA")
    is_seven(reader(encoded(picture.quantize(4) if palette else picture))[0])


@pytest.mark.parametrize(("ink", "paper"), [("black", "white"), ("white", "#222")])
def test_a_sheet_with_transparent_corners_is_read_by_its_ink(reader, ink, paper):
    sheet = seven((300, 300), ink, paper).convert("RGBA")
    corners = Image.new("L", sheet.size)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, 299, 299), 40, fill=255)
    sheet.putalpha(corners)
    is_seven(reader(encoded(sheet))[0])


@pytest.mark.parametrize(("ink", "sheet", "desk"), [("black", "white", "#2a2622"), ("white", "#222", "#c8c0b0")])
def test_of_a_sheet_on_a_desk_the_writing_is_read(reader, ink, sheet, desk):
    is_seven(reader(jpeg(on_desk(seven((300, 300), ink, sheet), desk), 92))[0])


def test_cmyk_and_sixteen_bits_are_read_as_viewers_show_them(reader):
    is_seven(reader(jpeg(seven((300, 300), (255, 255, 0, 100), (0, 0, 0, 0), "CMYK"), 92))[0])
    ramp = np.repeat(np.linspace(0, 65535, 64).astype(np.uint16)[None], 64, axis=0)
    expected = np.linspace(0, 255, 64)
    for channels, digit in ((3, False), (1, False), (1, True)):
        read = reader(encoded(Image.fromarray(ramp)), 64, channels, digit)
        assert np.abs(read - expected).max() <= 2


@pytest.mark.parametrize("size", [(64, 64), (320, 240)])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_turned_photograph_is_upright(reader, size, channels):
    lying = seven(size[::-1], "black", "white").transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    turned = jpeg(lying, 92, exif=exif)
    if channels == 1:
        is_seven(reader(turned)[0])
    else:
        upright = reader(jpeg(lying.transpose(Image.Transpose.ROTATE_270), 92), 64, 3, False)
        assert np.abs(reader(turned, 64, 3, False).astype(int) - upright).mean() < 2


def test_a_garment_on_grey_is_light_on_black_without_a_box(reader):
    coat = Image.new("L", (400, 300), 180)
    coat.paste(40, (150, 60, 250, 240))
    read = reader(jpeg(coat, 92), 28, 1, False)[0]
    assert read[:, :8].max() <= 8
    assert read[10:18, 12:16].min() > 180


def test_white_ink_on_transparency_is_seen_on_a_set_in_colour(reader):
    assert reader(encoded(seven((300, 300), "white", (0, 0, 0, 0), "RGBA")), 64, 3, False).std() > 20


def test_a_phone_picture_of_48_megapixels_is_read(reader):
    is_seven(reader(jpeg(seven((8000, 6000), "#224", "#ccc8c0"), 80))[0])


def upload(page, content: bytes, name: str = "picture.jpg") -> None:
    page.set_input_files("#ae-input input[type=file]", {"name": name, "mimeType": "image/jpeg", "buffer": content})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (jpeg(seven((400, 400), "black", "white"), 92)[:-200], "The file cannot be read as a picture."),
        (jpeg(Image.new("RGB", (400, 300), "#ddd"), 92), "Nothing in this picture stands out from its ground."),
        (encoded(Image.new("RGBA", (300, 300))), "Nothing in this picture stands out from its ground."),
        (
            jpeg(on_desk(Image.new("RGB", (300, 300), "white"), "#2a2622"), 92),
            "No digit was found on the sheet in this picture.",
        ),
    ],
    ids=["cut off", "empty paper", "all transparent", "empty sheet"],
)
def test_what_shows_nothing_gets_one_sentence_and_the_picture_before_stays(page, content, sentence):
    upload(page, jpeg(seven((400, 300), "black", "#999"), 92))
    page.wait_for_function("() => document.querySelector('#ae-input .le-hint').textContent === '(your file)'")
    settle(page)
    before = pixels(page, "#ae-input")
    is_seven(before)
    upload(page, content)
    page.wait_for_function("sentence => document.querySelector('.le-notice')?.textContent === sentence", arg=sentence)
    np.testing.assert_array_equal(pixels(page, "#ae-input"), before)
