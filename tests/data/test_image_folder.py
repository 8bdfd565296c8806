"""Pictures of any folder, and CIFAR-10 as folders of PNG files."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.data import cifar10, image_folder, sources
from explorer.data.picture_set import split_by


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(60):
        path = tmp_path / ("cats" if number % 2 else "dogs") / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (20, 30, 3), dtype=np.uint8)).save(path)
    return tmp_path


def test_splits_share_no_picture_and_leave_none_out(folder):
    splits = [sources.load(f"folder:{folder}@16", split, folder) for split in ("train", "validation", "test")]
    assert sum(len(one.pictures) for one in splits) == 60
    assert len({picture.tobytes() for one in splits for picture in one.pictures}) == 60


def test_pictures_are_cut_to_squares_and_labelled_by_their_folder(folder):
    train = sources.load(f"folder:{folder}@16", "train", folder)
    assert train.pictures.shape[1:] == (3, 16, 16)
    assert train.pictures.dtype == np.uint8
    assert train.class_names == ("cats", "dogs")


def test_what_is_transparent_becomes_white(folder):
    for path in folder.rglob("*.png"):
        Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(path)
    assert (sources.load(f"folder:{folder}@8", "train", folder).pictures == 255).all()


def test_a_folder_without_pictures_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        sources.load(f"folder:{tmp_path}", "train", tmp_path)


def first_of(split: str) -> str:
    """The first number whose file, number.png, is in that split."""
    return next(f"{number}.png" for number in range(1000) if split_by(f"{number}.png") == split)


@pytest.fixture
def fill(tmp_path):
    """Makes a folder of grey pictures in all splits, with further files of any content."""

    def fill(files: dict[str, bytes]):
        for number in range(40):
            Image.new("RGB", (8, 8), (number,) * 3).save(tmp_path / f"{number}.png")
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        return tmp_path

    return fill


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def read_one(path, side: int) -> np.ndarray:
    return image_folder.read([path], ["any"], side).pictures[0]


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_sixteen_bits_of_grey_keep_their_shades(tmp_path, kind):
    shades = np.array([[0, 257], [32768, 65535]], np.uint16)
    Image.fromarray(shades).save(tmp_path / f"grey.{kind}")
    for grey in read_one(tmp_path / f"grey.{kind}", 2):
        assert grey.tolist() == [[0, 1], [128, 255]]


@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff", "webp"])
@pytest.mark.parametrize("size", [(64, 64), (128, 128), (90, 60)])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_turned_picture_is_upright_at_any_size(tmp_path, kind, size, mode):
    left_white = Image.new(mode, size)
    left_white.paste("white", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = 6  # a viewer turns it by a quarter to the right: what was left is above
    left_white.save(tmp_path / f"turned.{kind}", exif=exif)
    upright = read_one(tmp_path / f"turned.{kind}", 64)
    assert upright[:, :24].min() > 240
    assert upright[:, 40:].max() < 15


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_a_turned_picture_of_sixteen_bits_is_upright(tmp_path, kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.array([[65535, 0, 0]] * 3, np.uint16)).save(tmp_path / f"turned.{kind}", exif=exif)
    assert read_one(tmp_path / f"turned.{kind}", 3)[0].tolist() == [[255] * 3, [0] * 3, [0] * 3]


def test_cmyk_has_the_colours_that_viewers_show(tmp_path):
    Image.new("CMYK", (16, 16), (255, 255, 0, 0)).save(tmp_path / "blue.jpg", quality=95)
    red, green, blue = read_one(tmp_path / "blue.jpg", 8).reshape(3, -1).mean(axis=1)
    assert red < 10 > green
    assert blue > 245


def test_what_is_no_picture_is_skipped_and_named_with_a_count(fill, capsys):
    whole = encoded(Image.effect_noise((64, 64), 90).convert("RGB"), "jpeg")
    bad = {"._0.png": b"\0\5\x16\7" + bytes(100), "text.png": b"hello", "empty.gif": b"", "cut.jpg": whole[:-500]}
    folder = fill(bad)
    pictures = [image_folder.load(folder, split, 8).pictures for split in ("train", "validation", "test")]
    assert sum(map(len, pictures)) == 40
    lines = capsys.readouterr().err.splitlines()
    assert all(sum(name in line for line in lines) == 1 for name in bad)
    assert sum(int(line.split(" of ")[0]) for line in lines) == 4


def test_a_skipped_file_is_named_once_however_often_a_folder_is_read(fill, capsys):
    folder = fill({"text.png": b"hello"})
    for _ in range(3):
        image_folder.load(folder, split_by("text.png"), 8)
    assert capsys.readouterr().err.count("text.png") == 1


def test_many_unreadable_files_are_counted_and_some_named(fill, capsys):
    folder = fill({f"._{number}.png": b"" for number in range(500)})
    train = sum(split_by(f"._{number}.png") == "train" for number in range(500))
    image_folder.load(folder, "train", 8)
    sentence = capsys.readouterr().err
    assert sentence.startswith(f"{train} of ")
    assert sentence.rstrip().endswith(f"and {train - 6} more.")


def test_a_folder_may_begin_with_the_home(fill, monkeypatch):
    folder = fill({})
    monkeypatch.setenv("HOME", str(folder.parent))
    assert len(image_folder.load(Path("~") / folder.name, "train", 8).pictures) > 20


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "holds no pictures: it is empty."),
        ({"a.heic": b"x", "b.txt": b"x"}, "holds no pictures: its files end in .heic, .txt, and "),
        ({"a.png": b"hello", "b.jpg": b""}, "can be read: "),
    ],
)
@pytest.mark.parametrize("split", ["train", "test"])
def test_a_folder_without_pictures_is_refused_in_one_sentence(tmp_path, files, sentence, split):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FileNotFoundError) as error:
        image_folder.load(tmp_path, split, 8)
    assert sentence in str(error.value)
    assert str(tmp_path) in str(error.value)


def test_a_missing_folder_and_a_file_in_its_place_are_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileNotFoundError, match="nowhere is not there"):
        image_folder.load(tmp_path / "nowhere", "train", 8)
    with pytest.raises(FileNotFoundError, match="file is a file, not a folder"):
        image_folder.load(tmp_path / "file", "train", 8)


@pytest.mark.parametrize("lacking", ["train", "test"])
def test_too_few_pictures_for_a_split_are_refused_whichever_split_is_asked_for(tmp_path, lacking):
    there = {"train": "test", "test": "train"}[lacking]
    Image.new("RGB", (8, 8)).save(tmp_path / first_of(there))
    (tmp_path / first_of(lacking)).write_bytes(b"no picture")
    for split in ("train", "test"):
        with pytest.raises(FileNotFoundError, match=f"too few pictures for a split named {lacking}"):
            image_folder.load(tmp_path, split, 8)
    with pytest.raises(FileNotFoundError, match=f"named {lacking}"):
        image_folder.check(tmp_path)


def test_a_phone_picture_of_108_megapixels_is_read(tmp_path):
    Image.new("L", (12_000, 9_000), 200).save(tmp_path / "large.jpg")
    assert (read_one(tmp_path / "large.jpg", 8) == 200).all()


def test_cifar_is_read_from_folders_of_png_files(tmp_path):
    tile = np.arange(32 * 32 * 3, dtype=np.uint8).reshape(32, 32, 3)
    for name in ("airplane", "truck"):
        (tmp_path / "cifar10" / "test" / name).mkdir(parents=True)
        Image.fromarray(tile).save(tmp_path / "cifar10" / "test" / name / "0001.png")
    data = cifar10.load("cifar10", "test", tmp_path)
    np.testing.assert_array_equal(data.pictures[0], tile.transpose(2, 0, 1))
    assert data.labels.tolist() == [0, 1]


def test_a_cifar_folder_without_pictures_is_named(tmp_path):
    (tmp_path / "cifar10" / "test").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="test holds no pictures"):
        cifar10.load("cifar10", "test", tmp_path)
