// What a clicker and a keyboard do in a talk, whatever has the focus.

import assert from 'node:assert/strict';
import test from 'node:test';

import {actionOf, focusOf} from '../../explorer/stage/keys.js';

const press = (key, focus = '', digits = '', more = {}) => actionOf({key, ...more}, focus, digits);

for (const focus of ['', 'control', 'number', 'text']) {
  test(`a clicker's keys do the same where the focus is in ${focus || 'nothing'}`, () => {
    assert.deepEqual(['PageDown', 'PageUp', 'Escape', 'F5'].map(key => press(key, focus)), ['next', 'back', 'leave', 'full screen']);
  });
}

test('letters act from any control, and are letters where one types', () => {
  for (const focus of ['', 'control', 'number']) {
    assert.deepEqual([...'rfbczn'].map(key => press(key, focus)), ['restore', 'full screen', 'black', 'controls', 'magnify', 'notes']);
    assert.equal(press('B', focus), 'black');
  }
  assert.equal(press('b', 'text'), null);
});

test('arrows go on only where no control has the focus', () => {
  assert.deepEqual(['ArrowRight', 'ArrowLeft', ' '].map(key => press(key)), ['next', 'back', 'next']);
  for (const focus of ['control', 'number', 'text']) assert.equal(press('ArrowRight', focus), null);
});

test('a number and Enter jump, also from a slider', () => {
  assert.deepEqual(press('1', 'control'), {digits: '1'});
  assert.deepEqual(press('2', 'control', '1'), {digits: '12'});
  assert.deepEqual(press('Enter', 'control', '12'), {jump: 12});
  assert.deepEqual(press('Backspace', '', '12'), {digits: '1'});
  assert.equal(press('Enter', 'control'), null);
  assert.equal(press('1', 'number'), null);
  assert.equal(press('.', 'number'), null);
});

test('a key that is held down goes on once, and is still kept from the page', () => {
  assert.equal(press('PageDown', 'control', '', {repeat: true}), 'nothing');
  assert.equal(press('b', '', '', {repeat: true}), 'nothing');
});

test('keys of the browser stay its own', () => {
  for (const more of [{ctrlKey: true}, {metaKey: true}, {altKey: true}]) assert.equal(press('r', '', '', more), null);
  assert.equal(press('Tab'), null);
  assert.equal(press('F11'), null);
});

test('what has the focus is known by its element', () => {
  const element = (tagName, more = {}) => ({tagName, hasAttribute: () => false, ...more});
  assert.equal(focusOf(null), '');
  assert.equal(focusOf(element('BODY')), '');
  assert.equal(focusOf(element('INPUT', {type: 'range'})), 'control');
  assert.equal(focusOf(element('INPUT', {type: 'number'})), 'number');
  assert.equal(focusOf(element('INPUT', {type: 'search'})), 'text');
  assert.equal(focusOf(element('SELECT')), 'control');
  assert.equal(focusOf(element('TEXTAREA')), 'text');
  assert.equal(focusOf(element('DIV', {hasAttribute: name => name === 'tabindex'})), 'control');
});
